#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace parley::pusher {

struct QueryParameter {
    std::string name;   // lower case (ASCII)
    std::string value;  // decoded; any bytes
};

/// A parameter that stands in a query more than once.
struct DuplicateParameter {
    std::string name;
};

/// The query of a signed request, in the order in which it is signed (channels HTTP API, "Generating
/// authentication signatures").
class Query {
public:
    /// Reads a raw query string: pieces between `&`, empty ones dropped, name and value divided by the first
    /// `=`, both percent-decoded with `+` as a space.
    [[nodiscard]] static tl::expected<Query, DuplicateParameter> parse(std::string_view raw);

    /// The value of the parameter called `name` (lower case); empty when there is none.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

    /// `name=value` of all but `auth_signature`, joined by `&`, values as they are: the third line of what is
    /// signed.
    [[nodiscard]] std::string canonical() const;

private:
    std::vector<QueryParameter> parameters_;  // sorted by name, bytewise; names distinct
};

}  // namespace parley::pusher
