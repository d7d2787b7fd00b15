#include "chat/http/call.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "chat/http/cors.hpp"
#include "crypto/digest.hpp"
#include "http/etag.hpp"
#include "http/form.hpp"
#include "pusher/socket_id.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view bearer = "Bearer ";

/// The token of `Authorization: Bearer …` (RFC 6750, section 2.1); empty without one.
std::string bearer_token(const http::Request& request) {
    const auto value = request.find_header("Authorization").value_or("");
    if (value.size() <= bearer.size() || !equals_ignoring_case(value.substr(0, bearer.size()), bearer))
        return {};
    return std::string(http::trim_space(value.substr(bearer.size())));
}

/// What is no socket id cannot be left out of a broadcast either.
std::string socket_named(const http::Request& request) {
    const auto value = request.find_header("X-Socket-ID").value_or("");
    return pusher::parse_socket_id(value) ? std::string(value) : std::string();
}

bool has_content_type(const http::Request& request, std::string_view wanted) {
    const auto value = request.find_header("Content-Type").value_or("");
    return equals_ignoring_case(http::trim_space(value.substr(0, value.find(';'))), wanted);
}

Refusal unreadable(std::string message) {
    return {.reason = Reason::unreadable, .code = "unreadable", .message = std::move(message)};
}

Refusal id_not_found(std::string_view what) { return not_found(what).value(); }

/// In a transaction of its own, since reading requests have none that writes. Nobody waits for it; the next
/// request of that token tries again if it fails.
void note_use(Backend& backend, Id token_id) {
    backend.store.write(
        [now = backend.clock.unix_ms(), token_id](store::Transaction& transaction) {
            note_token_use(transaction, now, token_id);
            return store::Nothing();
        },
        [](const auto& /*outcome*/) {});
}

/// The pairs, if all of them are text.
std::optional<Fields> text_fields(std::vector<http::FormField> pairs) {
    for (const auto& pair : pairs)
        if (!is_valid_utf8(pair.name) || !is_valid_utf8(pair.value)) return std::nullopt;
    return Fields(std::move(pairs));
}

}  // namespace

Asker::Asker(Backend& backend, const http::Request& request, http::Responder responder)
    : Asker(backend, request) {
    responder_ = std::move(responder);
}

Asker::Asker(Backend& backend, const http::Request& request) {
    Facts facts{.backend = backend,
                .token = bearer_token(request),
                .socket = socket_named(request),
                .client_address = request.client_address(),
                .origin = allowed_origin(backend.allowed_origins.get(), request)};
    facts.conditional = request.method == "GET" || request.method == "HEAD";
    for (const auto& header : request.headers) {
        if (!facts.conditional || !equals_ignoring_case(header.name, "If-None-Match")) continue;
        if (!facts.known_etags.empty()) facts.known_etags += ", ";
        facts.known_etags += header.value;
    }
    facts_ = std::make_shared<const Facts>(std::move(facts));
}

Asker Asker::with(http::Responder responder) const {
    auto asker = *this;
    asker.responder_ = std::move(responder);
    return asker;
}

http::Response Asker::refusal(const Refusal& refusal) const { return finished(refusal_response(refusal)); }

void Asker::send(http::Response response) const { responder_->send(finished(std::move(response))); }

void Asker::send_from_loop(std::function<http::Response()> make) const {
    responder_->send_from_loop([asker = *this, make = std::move(make)] { return asker.finished(make()); });
}

/// Adds what every answer of the API has: its entity tag, by which a poll that finds nothing new costs a few
/// bytes, and leave for the pages of other origins.
http::Response Asker::finished(http::Response response) const {
    allow_origin(response, facts_->origin);
    if (!facts_->conditional || response.status != 200 || response.content().empty()) return response;
    const auto etag = '"' + crypto::md5_hex(response.content()) + '"';
    http::Request probe;
    if (!facts_->known_etags.empty()) probe.headers = {{"If-None-Match", facts_->known_etags}};
    if (http::if_none_match(probe, etag)) {
        response.status = 304;
        response.body.clear();
        response.static_body = {};
        response.content_type.clear();
    }
    response.headers.emplace_back("ETag", etag);
    return response;
}

Result<Actor> Asker::identify(store::Transaction& transaction) const {
    auto& backend = facts_->backend;
    auto found = authenticate(transaction, backend.clock.unix_ms(), facts_->token);
    if (!found) return tl::unexpected(std::move(found.error()));
    auto& actor = found->actor;
    const auto wait_ms = backend.requests.admit(std::to_string(actor.user_id), backend.clock.steady_ms());
    if (wait_ms) return too_many("Too many requests (limits.max_chat_requests_per_second).", *wait_ms);
    if (found->use_is_due) note_use(backend, actor.token_id);
    return std::move(actor);
}

std::optional<Id> Call::path_id(std::string_view name, std::string_view what) {
    const auto number = parse_integer(parameters_[name]);
    if (number && *number >= 1) return number;
    refuse(id_not_found(what));
    return std::nullopt;
}

std::optional<std::string> Call::path_text(std::string_view name, std::string_view what) {
    const auto text = parameters_[name];
    if (is_valid_utf8(text) && text.find('\0') == std::string_view::npos) return std::string(text);
    refuse(id_not_found(what));
    return std::nullopt;
}

std::optional<Fields> Call::body() {
    if (request_.body.empty()) return Fields(Fields::Pairs());
    if (exceeds(request_.body.size(), limits().max_chat_request_size)) {
        refuse({.reason = Reason::too_large,
                .code = "too_large",
                .message = "The body is larger than limits.max_chat_request_size allows."});
        return std::nullopt;
    }
    if (has_content_type(request_, "application/json")) return json_body();
    if (has_content_type(request_, "application/x-www-form-urlencoded")) return form(request_.body);
    refuse({.reason = Reason::unsupported,
            .code = "unsupported_media_type",
            .message = "The body must be application/json or application/x-www-form-urlencoded."});
    return std::nullopt;
}

std::optional<Fields> Call::json_body() {
    const auto value = parser_.parse(request_.body);
    if (value && value->type() == json::Type::object) return Fields(parser_, parser_.members(*value));
    refuse(
        unreadable(value ? "The body must be a JSON object." : std::string(json::describe(value.error()))));
    return std::nullopt;
}

std::optional<Fields> Call::form(std::string_view text) {
    auto pairs = http::parse_form(text);
    if (!pairs) {
        refuse(unreadable(std::move(pairs.error())));
        return std::nullopt;
    }
    auto fields = text_fields(std::move(*pairs));
    if (!fields) refuse(unreadable("Names and values must be UTF-8."));
    return fields;
}

std::optional<Fields> Call::query() { return form(request_.query); }

bool Call::accept(const Fields& fields) {
    if (fields.ok()) return true;
    refuse(fields.refusal());
    return false;
}

void Routes::add(std::string_view method, std::string_view pattern, Handler handler) {
    add_open(method, pattern, [handler = std::move(handler)](Call& call) {
        if (call.asker().has_token()) return handler(call);
        call.refuse(
            {.reason = Reason::unauthenticated, .code = "unauthenticated", .message = "Unauthenticated."});
    });
}

void Routes::add_open(std::string_view method, std::string_view pattern, Handler handler) {
    router_.add_deferred(
        method, pattern,
        [&backend = backend_, &parser = parser_, handler = std::move(handler)](
            const http::Request& request, const http::PathParameters& parameters, http::Responder responder) {
            Call call(backend, parser, request, parameters, std::move(responder));
            handler(call);
        });
    answer_preflight(pattern);
}

void Routes::add_upload(std::string_view method, std::string_view pattern, std::uint64_t body_bytes_max,
                        UploadHandler handler) {
    router_.add_upload(method, pattern, body_bytes_max,
                       [&backend = backend_, handler = std::move(handler)](
                           const http::Request& head, const auto& /*parameters*/, http::BodyFlow flow) {
                           return handler(Asker(backend, head), head, std::move(flow));
                       });
    answer_preflight(pattern);
}

/// A page of another origin asks first whether it may (Fetch standard, "CORS-preflight fetch").
void Routes::answer_preflight(std::string_view pattern) {
    if (backend_.allowed_origins.get().empty()) return;
    if (std::find(patterns_.begin(), patterns_.end(), pattern) != patterns_.end()) return;
    patterns_.emplace_back(pattern);
    router_.add("OPTIONS", pattern,
                [&backend = backend_](const http::Request& request, const auto& /*parameters*/) {
                    return preflight_response(backend.allowed_origins.get(), request);
                });
}

}  // namespace parley::chat
