#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "pusher/quote.hpp"
#include "pusher/signature_diagnosis.hpp"
#include "pusher/signature_probe.hpp"

namespace parley::pusher {

namespace {

enum class Values : std::uint8_t { decoded, as_sent, plus_kept };
enum class Order : std::uint8_t { sorted, as_sent };

/// The third line of what is signed as somebody may have made it who overlooked a rule.
std::string misspelt_query(std::string_view raw, Values values, Order order) {
    std::vector<std::pair<std::string, std::string>> parameters;
    while (!raw.empty()) {
        const auto piece = raw.substr(0, raw.find('&'));
        raw.remove_prefix(std::min(raw.size(), piece.size() + 1));
        const auto equals = std::min(piece.find('='), piece.size());
        const auto value = piece.substr(std::min(equals + 1, piece.size()));
        const auto plus = values == Values::decoded ? PlusSign::space : PlusSign::literal;
        std::string name(piece.substr(0, equals));
        if (name.empty() || name == "auth_signature") continue;
        parameters.emplace_back(std::move(name),
                                values == Values::as_sent ? std::string(value) : percent_decode(value, plus));
    }
    if (order == Order::sorted) std::ranges::sort(parameters);
    std::string text;
    for (const auto& [name, value] : parameters) {
        if (!text.empty()) text += '&';
        text.append(name).append("=").append(value);
    }
    return text;
}

std::string lines(std::string_view method, std::string_view path, std::string_view query) {
    return std::string(method).append("\n").append(path).append("\n").append(query);
}

std::optional<Diagnosis> diagnose_path(const SignatureProbe& probe, const SuspectRequest& suspect) {
    const auto& request = suspect.request;
    const auto fits = [&](const std::string& path) {
        return probe.fits(request_string_to_sign(request.method, path, suspect.query));
    };
    const std::string path(request.path);
    for (const auto prefix : {request.path_prefix, suspect.forwarded_prefix})
        if (!prefix.empty() && fits(std::string(prefix) + path))
            return Diagnosis{RefusalCode::path_prefix_removed,
                             "it was made for the path with the prefix " + quote(prefix)};
    const std::array spellings = {
        path + "/",           path.substr(0, path.find_last_not_of('/') + 1),
        "/" + path,           path.substr(std::min<std::size_t>(path.find_first_not_of('/'), path.size())),
        to_lower_ascii(path), percent_decode(percent_decode(path))};
    if (std::ranges::any_of(spellings, fits))
        return Diagnosis{RefusalCode::path_altered, "it was made for another spelling of the path"};
    return std::nullopt;
}

std::optional<Diagnosis> diagnose_query(const SignatureProbe& probe, const SuspectRequest& suspect) {
    struct Mistake {
        Values values;
        Order order;
        std::string_view reason;
    };
    constexpr std::array mistakes = {
        Mistake{Values::as_sent, Order::sorted, "it was made for the parameters before they were decoded"},
        Mistake{Values::decoded, Order::as_sent,
                "it was made for the parameters in the order in which they were sent"},
        Mistake{Values::as_sent, Order::as_sent,
                "it was made for the parameters as they were sent, neither decoded nor sorted"},
        Mistake{Values::plus_kept, Order::sorted,
                "it was made for a plus sign where the query means a space"},
        Mistake{Values::decoded, Order::sorted, "it was made for names of parameters in capitals"}};
    const auto& request = suspect.request;
    for (const auto& mistake : mistakes)
        if (probe.fits(lines(request.method, request.path,
                             misspelt_query(suspect.raw_query, mistake.values, mistake.order))))
            return Diagnosis{RefusalCode::parameters_signed_differently, std::string(mistake.reason)};
    return std::nullopt;
}

std::optional<Diagnosis> diagnose_method(const SignatureProbe& probe, const SuspectRequest& suspect) {
    for (const std::string_view method : {"POST", "GET", "PUT", "DELETE", "post", "get"})
        if (method != suspect.request.method &&
            probe.fits(request_string_to_sign(method, suspect.request.path, suspect.query)))
            return Diagnosis{RefusalCode::method_changed,
                             "it was made for the method " + std::string(method)};
    return std::nullopt;
}

/// What is wrong with a signature that is written as signatures are.
std::optional<Diagnosis> diagnose_text(const SignatureProbe& probe, const SuspectRequest& suspect) {
    auto found = diagnose_path(probe, suspect);
    if (!found) found = diagnose_method(probe, suspect);
    if (!found) found = diagnose_query(probe, suspect);
    if (found) return found;
    return probe.diagnose_secret(
        request_string_to_sign(suspect.request.method, suspect.request.path, suspect.query));
}

}  // namespace

std::optional<Diagnosis> diagnose(const SuspectSecrets& secrets, const SuspectRequest& suspect) {
    const SignatureProbe probe(secrets, suspect.query.find("auth_signature").value_or(""));
    auto found = probe.diagnose_format();
    if (!found) found = diagnose_text(probe, suspect);
    const auto prefix = suspect.request.path_prefix;
    if (found || prefix.empty() || !suspect.request.path.starts_with(prefix)) return found;
    // It may have been made without the prefix, as is allowed, and be wrong in something else.
    auto shorter = suspect.request;
    shorter.path.remove_prefix(prefix.size());
    return diagnose_text(probe, {shorter, suspect.query, suspect.raw_query, suspect.forwarded_prefix});
}

}  // namespace parley::pusher
