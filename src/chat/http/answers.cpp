#include "chat/http/answers.hpp"

#include <algorithm>
#include <array>

namespace parley::chat {

namespace {

constexpr std::array<std::pair<Reason, int>, 10> statuses = {{{Reason::unreadable, 400},
                                                              {Reason::unauthenticated, 401},
                                                              {Reason::forbidden, 403},
                                                              {Reason::not_found, 404},
                                                              {Reason::conflict, 409},
                                                              {Reason::too_large, 413},
                                                              {Reason::unsupported, 415},
                                                              {Reason::invalid, 422},
                                                              {Reason::too_many, 429},
                                                              {Reason::unavailable, 503}}};

/// The errors in the order in which their fields first appear, each field once with all its sentences.
void write_errors(json::Writer& writer, const std::vector<FieldError>& errors) {
    writer.begin_object();
    for (auto error = errors.begin(); error != errors.end(); ++error) {
        const auto same_field = [error](const FieldError& other) { return other.field == error->field; };
        if (std::any_of(errors.begin(), error, same_field)) continue;
        writer.name(error->field).begin_array();
        for (auto other = error; other != errors.end(); ++other)
            if (same_field(*other)) writer.string(other->message);
        writer.end_array();
    }
    writer.end_object();
}

}  // namespace

int status_of(Reason reason) {
    const auto* const found = std::find_if(statuses.begin(), statuses.end(),
                                           [reason](const auto& status) { return status.first == reason; });
    return found == statuses.end() ? 500 : found->second;
}

http::Response refusal_response(const Refusal& refusal) {
    auto response = answer(status_of(refusal.reason), [&](json::Writer& writer) {
        writer.begin_object().name("message").string(refusal.message).name("code").string(refusal.code);
        if (!refusal.errors.empty()) {
            writer.name("errors");
            write_errors(writer, refusal.errors);
        }
        writer.end_object();
    });
    if (refusal.retry_after_ms > 0)
        response.headers.emplace_back("Retry-After", std::to_string((refusal.retry_after_ms + 999) / 1000));
    if (refusal.reason == Reason::unauthenticated)
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

http::Response store_error_response(store::Error error) {
    if (error == store::Error::failed) {
        auto response = answer(500, [](json::Writer& writer) {
            writer.begin_object()
                .name("message")
                .string("The server could not do this; the reason is in its log.")
                .name("code")
                .string("internal_error")
                .end_object();
        });
        return response;
    }
    constexpr std::int64_t pause_ms = 1'000;
    return refusal_response(
        {.reason = Reason::unavailable,
         .code = error == store::Error::overloaded ? "overloaded" : "database_unavailable",
         .message = error == store::Error::overloaded ? "Too many requests wait for the database; try again."
                                                      : "The database does not answer; try again.",
         .retry_after_ms = pause_ms});
}

http::Response no_content() {
    http::Response response;
    response.status = 204;
    return response;
}

}  // namespace parley::chat
