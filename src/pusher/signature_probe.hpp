#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pusher/signature_diagnosis.hpp"

namespace parley::pusher {

/// A signature that does not match, to be tried on this and that. Borrows what it is made of.
class SignatureProbe {
public:
    SignatureProbe(const SuspectSecrets& secrets, std::string_view signature)
        : secrets_(secrets), signature_(signature) {}

    /// Whether it is the signature of `text` under a secret of the app.
    [[nodiscard]] bool fits(std::string_view text) const;

    /// Whether it is not written as signatures are.
    [[nodiscard]] std::optional<Diagnosis> diagnose_format() const;

    /// Whether something else than a secret of the app has signed `text`.
    [[nodiscard]] std::optional<Diagnosis> diagnose_secret(std::string_view text) const;

private:
    [[nodiscard]] bool fits_under(std::string_view secret, std::string_view text) const;
    [[nodiscard]] bool fits_retired(std::string_view text) const;
    [[nodiscard]] bool fits_misspelt(const std::string& secret, std::string_view text) const;

    const SuspectSecrets& secrets_;
    std::string_view signature_;
};

}  // namespace parley::pusher
