#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace parley::config {

/// The longest value of a variable, with what it refers to put in, so that a few lines cannot fill the
/// memory.
inline constexpr std::size_t env_value_bytes_max = 65'536;

/// A variable of a `.env` file.
struct EnvVariable {
    std::string name;
    std::string text;
    std::uint32_t line = 0;  // where it begins
};

/// The first line that could not be read, and why; never holds a value.
struct EnvError {
    std::uint32_t line = 0;
    std::string reason;
};

/// The value of a variable outside the file.
using EnvLookup = std::function<std::optional<std::string>(std::string_view name)>;

/// Reads a `.env` file as Laravel (phpdotenv) and Node (dotenv) do. Of variables with equal names the last
/// counts; all are returned, in the order of the file.
///
///     # comment, and empty lines
///     NAME=value             # unquoted: ends before a `#`, loses the space around it, may hold some
///     export NAME="a\n${B}"  # \" \\ \$ \n \r \t \f \v are escapes, others stay; over several lines, too
///     NAME='as it is'        # no escapes, no references; over several lines, too
///     NAME=                  # empty; a name without `=` as well
///
/// `${NAME}` in an unquoted or double-quoted value is the variable of `outside` or, without one, of an
/// earlier line; it stays as it is when there is neither. A byte order mark, CR LF and CR are accepted.
[[nodiscard]] tl::expected<std::vector<EnvVariable>, EnvError> read_env(std::string_view document,
                                                                        const EnvLookup& outside);

}  // namespace parley::config
