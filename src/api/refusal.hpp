#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "http/response.hpp"
#include "pusher/refusal.hpp"

namespace parley::api {

/// Why a request is not served: status, reason, and a sentence with the offending value and the limit.
struct Refusal {
    int status;
    pusher::RefusalCode code;
    std::string sentence;
    std::string compared = {};                                      // the string whose signature was wrong
    std::vector<std::pair<std::string, std::string>> headers = {};  // of the answer
};

[[nodiscard]] inline tl::unexpected<Refusal> refuse(int status, pusher::RefusalCode code,
                                                    std::string sentence) {
    return tl::make_unexpected(Refusal{status, code, std::move(sentence)});
}

/// The answer, with `told` for people: {"error":told,"code":401,"reason":"wrong_signature"} (channels HTTP
/// API, "HTTP status codes"; `reason` is ours).
[[nodiscard]] http::Response refusal_response(const Refusal& refusal, std::string_view told);

}  // namespace parley::api
