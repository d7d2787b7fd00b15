#include "store/location.hpp"

namespace parley::store {

tl::expected<Location, OpenError> parse_location(std::string_view url) {
    constexpr std::string_view sqlite = "sqlite:";
    if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
        return Location{Dialect::postgresql, std::string(url)};
    if (!url.starts_with(sqlite))
        return tl::unexpected(OpenError{"the database's URL must begin with sqlite: or postgresql://"});
    const auto path = url.substr(sqlite.size());
    if (path.empty()) return tl::unexpected(OpenError{"the database's URL names no file: sqlite:PATH"});
    if (path == ":memory:")
        return tl::unexpected(OpenError{"a database in memory would not survive: name a file, sqlite:PATH"});
    return Location{Dialect::sqlite, std::string(path)};
}

}  // namespace parley::store
