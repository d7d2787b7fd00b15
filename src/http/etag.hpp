#pragma once

#include <string_view>

#include "http/request.hpp"

namespace parley::http {

/// Whether the peer has the representation that `etag` names, so that 304 can be answered: one of the tags in
/// `If-None-Match` equals it by the weak comparison, or the field is `*` (RFC 9110, sections 8.8.3.2 and
/// 13.1.2). `etag` is a whole entity tag, `"…"` or `W/"…"`. False without the field; what follows a broken
/// tag in it is ignored.
[[nodiscard]] bool if_none_match(const Request& request, std::string_view etag);

}  // namespace parley::http
