#include "pusher/signature_diagnosis.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "json/spellings.hpp"
#include "pusher/signature_probe.hpp"

namespace parley::pusher {

namespace {

/// What was signed, or would have been with another socket id, name or data.
std::string string_to_sign(const SuspectAuth& auth, std::string_view socket_id, std::string_view channel,
                           std::optional<std::string_view> data) {
    std::string text(socket_id);
    text.append(":").append(auth.purpose == SuspectAuth::Purpose::sign_in ? ":user:" : channel);
    if (data) text.append(":").append(*data);
    return text;
}

std::optional<Diagnosis> diagnose_socket_id(const SignatureProbe& probe, const SuspectAuth& auth) {
    const auto fits = [&](std::string_view id) {
        return probe.fits(string_to_sign(auth, id, auth.channel, auth.data));
    };
    // What a back end makes of a form field that it did not find.
    for (const std::string_view nothing : {"", "undefined", "null", "None"})
        if (fits(nothing))
            return Diagnosis{RefusalCode::wrong_socket_id, "it was made without the socket id"};
    const auto other = std::ranges::any_of(
        auth.others, [&](SocketId id) { return id != auth.socket_id && fits(to_string(id)); });
    if (other)
        return Diagnosis{RefusalCode::wrong_socket_id, "it was made for another connection's socket id"};
    return std::nullopt;
}

std::optional<Diagnosis> diagnose_channel(const SignatureProbe& probe, const SuspectAuth& auth) {
    if (auth.purpose == SuspectAuth::Purpose::sign_in) return std::nullopt;
    std::vector<std::string> names = {to_lower_ascii(auth.channel), percent_decode(auth.channel)};
    for (const std::string_view prefix : {"private-encrypted-", "private-", "presence-"})
        if (auth.channel.starts_with(prefix)) names.emplace_back(auth.channel.substr(prefix.size()));
    const auto fits = [&](const std::string& name) {
        return name != auth.channel &&
               probe.fits(string_to_sign(auth, to_string(auth.socket_id), name, auth.data));
    };
    if (!std::ranges::any_of(names, fits)) return std::nullopt;
    return Diagnosis{RefusalCode::wrong_channel, "it was made for another spelling of the channel's name"};
}

std::optional<Diagnosis> diagnose_data(const SignatureProbe& probe, const SuspectAuth& auth,
                                       json::Parser& parser) {
    if (!auth.data) return std::nullopt;
    const auto id = to_string(auth.socket_id);
    const bool sign_in = auth.purpose == SuspectAuth::Purpose::sign_in;
    if (!sign_in && probe.fits(string_to_sign(auth, id, auth.channel, std::nullopt)))
        return Diagnosis{RefusalCode::channel_data_not_signed, "it was made without channel_data"};
    if (!parser.parse(*auth.data)) return std::nullopt;
    const auto spellings = json::spellings(*auth.data, sign_in ? "id" : "user_id");
    const auto fits = [&](const std::string& data) {
        return probe.fits(string_to_sign(auth, id, auth.channel, data));
    };
    if (!std::ranges::any_of(spellings, fits)) return std::nullopt;
    return sign_in
               ? Diagnosis{RefusalCode::changed_user_data, "it was made for another spelling of user_data"}
               : Diagnosis{RefusalCode::changed_channel_data,
                           "it was made for another spelling of channel_data"};
}

}  // namespace

std::optional<Diagnosis> diagnose(const SuspectSecrets& secrets, const SuspectAuth& auth,
                                  json::Parser& parser) {
    const SignatureProbe probe(secrets, auth.auth.substr(auth.auth.rfind(':') + 1));
    auto found = probe.diagnose_format();
    if (!found) found = diagnose_data(probe, auth, parser);
    if (!found) found = diagnose_channel(probe, auth);
    if (!found)
        found =
            probe.diagnose_secret(string_to_sign(auth, to_string(auth.socket_id), auth.channel, auth.data));
    return found ? found : diagnose_socket_id(probe, auth);
}

}  // namespace parley::pusher
