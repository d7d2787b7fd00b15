#pragma once

#include <vector>

#include "crypto/hmac.hpp"
#include "hub/app.hpp"
#include "pusher/signature.hpp"
#include "pusher/signature_diagnosis.hpp"

namespace parley::hub {

/// The secrets of all apps, ready for signing: keying anew for each signature is four times slower. One per
/// loop; not thread-safe.
class AppSigners {
public:
    /// Of the app as it is set now; borrowed until the next call.
    [[nodiscard]] pusher::Credentials credentials(const App& app);

    /// The same with what else its signatures may have been made with by mistake: secrets that were replaced
    /// while this has looked, for one.
    [[nodiscard]] pusher::SuspectSecrets suspects(const App& app);

private:
    struct Signers {
        const AppSettings* settings = nullptr;  // whose secrets they are
        std::vector<crypto::HmacSha256> hmacs = {};
        std::vector<crypto::HmacSha256> retired = {};  // the last retired_count_max
    };

    static void set_anew(Signers& signers, const AppSettings& settings);

    std::vector<Signers> signers_;  // by app
};

}  // namespace parley::hub
