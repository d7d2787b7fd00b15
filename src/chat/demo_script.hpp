#pragma once

#include <string_view>

#include "chat/model.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// Makes the people of the demo in an empty database and has them live through a week that ends at `now`:
/// what they have said, read, moved and planned. Nothing of it depends on the limits of a policy. All have
/// the password of `password_hash`; amounts are in `currency`.
void play_demo(store::Transaction& transaction, std::string_view currency, Moment now,
               std::string_view password_hash);

}  // namespace parley::chat
