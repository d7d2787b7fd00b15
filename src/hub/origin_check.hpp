#pragma once

#include <span>
#include <string>
#include <string_view>

namespace parley::hub {

/// Whether a page of `origin`, the header of that name, may connect (channels protocol, "Origins"). None or
/// an empty list of `patterns`, or `*`, lets everybody. A pattern without a scheme is compared with the host,
/// and with the port as well if it has one; with a scheme with the whole origin. `*` stands for any run of
/// characters; upper and lower case are the same.
[[nodiscard]] bool origin_allowed(std::span<const std::string> patterns, std::string_view origin);

}  // namespace parley::hub
