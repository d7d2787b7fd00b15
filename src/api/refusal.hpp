#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

#include "pusher/request_signature.hpp"

namespace parley::api {

/// Why a request is not served: status and a sentence with the offending value and the limit.
using Refusal = pusher::RequestRefusal;

[[nodiscard]] inline tl::unexpected<Refusal> refuse(int status, std::string sentence) {
    return tl::make_unexpected(Refusal{status, std::move(sentence)});
}

}  // namespace parley::api
