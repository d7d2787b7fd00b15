#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chat/change.hpp"
#include "chat/refusal.hpp"

namespace parley::chat {

/// Somebody of the demo.
struct DemoPerson {
    std::string_view name;
    std::string_view email;
};

/// The four of them; all have the same password.
[[nodiscard]] const std::vector<DemoPerson>& demo_people();
inline constexpr std::string_view demo_password = "parley-demo";

enum class DemoData : std::uint8_t {
    made,
    there  // from an earlier time
};

/// A company of four people, owned by the first one, who have talked for a week: in the general room, in
/// groups and between two, with replies, reactions, receipts and notifications, some of it not read yet by
/// the first one; with campaigns and with money on their accounts. 409 for a database that holds other
/// people: what they wrote is no demo. `password_hash` is of `demo_password`.
[[nodiscard]] Result<DemoData> ensure_demo_data(Change& change, std::string_view password_hash);

}  // namespace parley::chat
