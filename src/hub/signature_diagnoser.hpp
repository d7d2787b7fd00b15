#pragma once

#include <cstdint>
#include <optional>

#include "hub/app_signers.hpp"
#include "hub/rate_window.hpp"
#include "json/parser.hpp"
#include "pusher/signature_diagnosis.hpp"

namespace parley::hub {

/// Finds out why signatures do not match, as often as a loop can afford: what is not looked at remains
/// `wrong_signature`. One per loop; not thread-safe.
class SignatureDiagnoser {
public:
    /// Must outlive it.
    explicit SignatureDiagnoser(AppSigners& signers) : signers_(signers) {}

    /// Of a subscription or a sign-in. `parser` must not be the one that `auth` points into.
    [[nodiscard]] std::optional<pusher::Diagnosis> diagnose(const App& app, const pusher::SuspectAuth& auth,
                                                            json::Parser& parser, std::uint64_t now_ms);

    /// Of a request.
    [[nodiscard]] std::optional<pusher::Diagnosis> diagnose(const App& app,
                                                            const pusher::SuspectRequest& request,
                                                            std::uint64_t now_ms);

private:
    [[nodiscard]] bool affordable(std::size_t bytes, std::uint64_t now_ms);

    AppSigners& signers_;
    RateWindow diagnoses_;
};

}  // namespace parley::hub
