#include "pusher/signature_probe.hpp"

#include <algorithm>
#include <array>

namespace parley::pusher {

namespace {

constexpr std::size_t signature_digits = 64;

bool is_lower_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// `text` without `characters` at its ends.
std::string_view trim(std::string_view text, std::string_view characters) {
    const auto begin = std::min(text.find_first_not_of(characters), text.size());
    return text.substr(begin, text.find_last_not_of(characters) + 1 - begin);
}

}  // namespace

bool SignatureProbe::fits(std::string_view text) const {
    return secrets_.credentials.verify(text, signature_);
}

std::optional<Diagnosis> SignatureProbe::diagnose_format() const {
    if (signature_.size() == signature_digits && is_lower_hex(signature_)) return std::nullopt;
    return Diagnosis{RefusalCode::signature_format, "it is not 64 lower-case hexadecimal digits"};
}

std::optional<Diagnosis> SignatureProbe::diagnose_secret(std::string_view text) const {
    if (fits_retired(text))
        return Diagnosis{RefusalCode::replaced_secret, "it was made with a secret that has been replaced"};
    if (fits_under(secrets_.credentials.key, text))
        return Diagnosis{RefusalCode::secret_is_key,
                         "it was made with the key of the app in place of its secret"};
    if (fits_under("", text))
        return Diagnosis{RefusalCode::secret_is_empty, "it was made with an empty secret"};
    const auto misspelt = [&](const std::string& secret) { return fits_misspelt(secret, text); };
    if (std::ranges::any_of(secrets_.texts, misspelt))
        return Diagnosis{RefusalCode::secret_has_extra_characters,
                         "one side has white space or quotes around the secret"};
    return std::nullopt;
}

bool SignatureProbe::fits_under(std::string_view secret, std::string_view text) const {
    return crypto::equals_in_constant_time(signature_, crypto::HmacSha256(secret).hex(text));
}

bool SignatureProbe::fits_retired(std::string_view text) const {
    return std::ranges::any_of(secrets_.retired, [&](crypto::HmacSha256& signer) {
        return crypto::equals_in_constant_time(signature_, signer.hex(text));
    });
}

/// Either side may have read its settings carelessly.
bool SignatureProbe::fits_misspelt(const std::string& secret, std::string_view text) const {
    const std::array spellings = {secret + " ",
                                  secret + "\n",
                                  secret + "\r",
                                  secret + "\r\n",
                                  secret + "\t",
                                  " " + secret,
                                  " " + secret + " ",
                                  '"' + secret + '"',
                                  '\'' + secret + '\'',
                                  std::string(trim(secret, " \t\r\n")),
                                  std::string(trim(secret, "\"'"))};
    return std::ranges::any_of(spellings,
                               [&](const std::string& spelling) { return fits_under(spelling, text); });
}

}  // namespace parley::pusher
