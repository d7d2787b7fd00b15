#pragma once

#include <optional>
#include <string>
#include <utility>

#include "chat/refusal.hpp"
#include "http/response.hpp"
#include "json/writer.hpp"
#include "store/store.hpp"

namespace parley::chat {

/// The status of a reason (chat spec, section 4).
[[nodiscard]] int status_of(Reason reason);

/// `{"message", "code", "errors"?}`, with `Retry-After` in whole seconds, rounded up, where there is one.
[[nodiscard]] http::Response refusal_response(const Refusal& refusal);

/// A database that could not take the work: 503 with `Retry-After`, or 500 for what is our own mistake.
[[nodiscard]] http::Response store_error_response(store::Error error);

/// A JSON answer that `write(json::Writer&)` writes.
template <class Write>
[[nodiscard]] http::Response answer(int status, Write write) {
    std::string body;
    json::Writer writer(body);
    write(writer);
    return http::json_response(status, std::move(body));
}

/// 204 without a body.
[[nodiscard]] http::Response no_content();

/// A page of a list: `{"data": [...], "next_cursor": ...}`. `write(json::Writer&, row)` writes one row.
template <class Rows, class Write>
[[nodiscard]] http::Response list_answer(const Rows& rows, const std::optional<std::string>& next_cursor,
                                         Write write) {
    return answer(200, [&](json::Writer& writer) {
        writer.begin_object().name("data").begin_array();
        for (const auto& row : rows) write(writer, row);
        writer.end_array().name("next_cursor");
        if (next_cursor) {
            writer.string(*next_cursor);
        } else {
            writer.null();
        }
        writer.end_object();
    });
}

}  // namespace parley::chat
