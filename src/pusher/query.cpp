#include "pusher/query.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace parley::pusher {

namespace {

QueryParameter read_parameter(std::string_view piece) {
    const auto equals = std::min(piece.find('='), piece.size());
    const auto value = piece.substr(std::min(equals + 1, piece.size()));
    return {to_lower_ascii(percent_decode(piece.substr(0, equals), PlusSign::space)),
            percent_decode(value, PlusSign::space)};
}

}  // namespace

tl::expected<Query, DuplicateParameter> Query::parse(std::string_view raw) {
    Query query;
    for (std::size_t begin = 0; begin < raw.size();) {
        const auto end = std::min(raw.find('&', begin), raw.size());
        if (end > begin) query.parameters_.push_back(read_parameter(raw.substr(begin, end - begin)));
        begin = end + 1;
    }
    auto& parameters = query.parameters_;
    std::ranges::sort(parameters, {}, &QueryParameter::name);
    const auto twice = std::ranges::adjacent_find(parameters, {}, &QueryParameter::name);
    if (twice != parameters.end()) return tl::unexpected(DuplicateParameter{twice->name});
    return query;
}

std::optional<std::string_view> Query::find(std::string_view name) const {
    const auto found = std::ranges::lower_bound(parameters_, name, {}, &QueryParameter::name);
    if (found == parameters_.end() || found->name != name) return std::nullopt;
    return found->value;
}

std::string Query::canonical() const {
    std::string text;
    for (const auto& parameter : parameters_) {
        if (parameter.name == "auth_signature") continue;
        if (!text.empty()) text += '&';
        text.append(parameter.name).append("=").append(parameter.value);
    }
    return text;
}

}  // namespace parley::pusher
