#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "pusher/query.hpp"
#include "pusher/refusal.hpp"
#include "pusher/signature.hpp"

namespace parley::pusher {

/// A request to the HTTP API as it arrived.
struct SignedRequest {
    std::string_view method;  // upper case
    std::string_view path;    // raw: from the first slash to before `?`
    std::string_view body;    // the bytes received, after de-chunking
    std::string_view
        path_prefix;  // what the server puts in front of its paths, without slash at the end; may be empty
};

/// When the check happens and how far off a request's clock may be.
struct SignatureAge {
    std::int64_t now_s;  // Unix seconds
    std::int64_t max_s;  // 0 switches the check off
};

/// Why a request is not served.
struct RequestRefusal {
    int status;  // of HTTP
    RefusalCode code;
    std::string sentence;       // never a secret or the signature that would be right
    std::string compared = {};  // the string whose signature was wrong (`as_compared`)
};

/// What is signed for a request: method, path and canonical query, each on its line.
[[nodiscard]] std::string request_string_to_sign(std::string_view method, std::string_view path,
                                                 const Query& query);

/// Checks the signature of a request (channels HTTP API, "Authentication"): the parameters are there, the key
/// is the app's, the time is near, `body_md5` is the body's, the signature fits. Any of these paths may have
/// been signed: as received, without the prefix, and each of them percent-decoded, because some HTTP
/// libraries escape after signing.
[[nodiscard]] tl::expected<void, RequestRefusal> verify_request(const SignedRequest& request,
                                                                const Query& query, Credentials credentials,
                                                                SignatureAge age);

/// The query string with which a client of the HTTP API sends a request, signature included. `parameters` are
/// names and values not yet escaped, distinct, without those of authentication.
[[nodiscard]] tl::expected<std::string, DuplicateParameter> signed_query(
    Credentials credentials, std::string_view method, std::string_view path,
    std::span<const QueryParameter> parameters, std::string_view body, std::int64_t timestamp_s);

}  // namespace parley::pusher
