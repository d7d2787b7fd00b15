#pragma once

#include <cstdint>
#include <string_view>

#include "http/request.hpp"

namespace parley::http {

/// The weight of a coding that the peer prefers to all others.
inline constexpr std::uint16_t coding_weight_max = 1'000;

/// How much the peer wants a body in the content coding `coding` ("br", "gzip", "identity"), in thousandths;
/// 0: not at all (RFC 9110, section 12.5.3). The most wanted one should be sent.
///
/// A coding that `Accept-Encoding` does not name has the weight of its `*`. Without that, and without the
/// field, it is not wanted, but for `identity`, which is then wanted least of all. What is no weight counts
/// as 0.
[[nodiscard]] std::uint16_t coding_weight(const Request& request, std::string_view coding);

}  // namespace parley::http
