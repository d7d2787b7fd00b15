#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "chat/change.hpp"
#include "chat/http/answers.hpp"
#include "chat/http/backend.hpp"
#include "chat/http/fields.hpp"
#include "chat/tokens.hpp"
#include "http/body_sink.hpp"
#include "http/responder.hpp"
#include "http/router.hpp"

namespace parley::chat {

/// What of a request is needed after its route has returned: whom to answer, and who asks. A handle, cheap to
/// copy, for any thread.
class Asker {
public:
    Asker(Backend& backend, const http::Request& request, http::Responder responder);

    /// Of a request that cannot be answered yet, since its body is still to come: nothing can be sent before
    /// `with`.
    Asker(Backend& backend, const http::Request& request);

    /// The same with the right to answer.
    [[nodiscard]] Asker with(http::Responder responder) const;

    /// A refusal as it is sent, for where there is no Responder.
    [[nodiscard]] http::Response refusal(const Refusal& refusal) const;

    void send(http::Response response) const;

    /// Sends what `make` returns; it runs on the loop.
    void send_from_loop(std::function<http::Response()> make) const;

    /// The user behind the request's token, if the user's requests are not too many. Sees to it that the use
    /// of the token is noted.
    [[nodiscard]] Result<Actor> identify(store::Transaction& transaction) const;

    [[nodiscard]] Backend& backend() const { return facts_->backend; }

    /// The socket that the request names as its own (`X-Socket-ID`), or empty.
    [[nodiscard]] const std::string& socket() const { return facts_->socket; }

    [[nodiscard]] bool has_token() const { return !facts_->token.empty(); }

    /// Where the request comes from: the client's address without its port.
    [[nodiscard]] const std::string& client_address() const { return facts_->client_address; }

private:
    struct Facts {
        Backend& backend;
        std::string token = {};  // as sent; empty without one
        std::string socket = {};
        std::string client_address = {};
        std::string origin = {};       // of a page that may use the API, or empty
        bool conditional = false;      // GET and HEAD: the answer has an entity tag
        std::string known_etags = {};  // of If-None-Match, all of its fields
    };

    [[nodiscard]] http::Response finished(http::Response response) const;

    std::shared_ptr<const Facts> facts_;
    std::optional<http::Responder> responder_;
};

/// One request at its route: reads what it asks, hands the work to the database's threads, and answers. Used
/// on the loop during the call of the route; what is handed over keeps itself.
///
///     routes.add("PATCH", "/api/things/{id}", [](Call& call) {
///         const auto id = call.path_id("id", "Thing");
///         if (!id) return;
///         auto fields = call.body();
///         if (!fields) return;
///         auto title = fields->text("title", {1, call.limits().max_title_length});
///         if (!call.accept(*fields)) return;
///         call.write([id = *id, title = std::move(title)](Change& change,
///                                                         const Actor& actor) { return rename(change, actor,
///                                                         id, title); },
///                    [](const Thing& thing) {
///                        return answer(200, [&](json::Writer& writer) { write_thing(writer, thing); });
///                    });
///     });
///
/// Work that runs on the database's threads may run again and so keeps what it captures as it is; it gets the
/// Actor behind the request's token, or is not run: 401. `Render` turns the work's value into the answer, on
/// the loop.
class Call {
public:
    Call(Backend& backend, json::Parser& parser, const http::Request& request,
         const http::PathParameters& parameters, http::Responder responder)
        : parser_(parser),
          request_(request),
          parameters_(parameters),
          asker_(backend, request, std::move(responder)) {}

    [[nodiscard]] const http::Request& request() const { return request_; }
    [[nodiscard]] const Policy& policy() const { return asker_.backend().policy.get(); }
    [[nodiscard]] const Limits& limits() const { return policy().limits; }

    /// The id in segment `{name}` of the path; empty, and answered with 404, when it is none.
    [[nodiscard]] std::optional<Id> path_id(std::string_view name, std::string_view what);

    /// The text in segment `{name}`; empty, and answered with 404, when it is no valid UTF-8 or has a NUL.
    [[nodiscard]] std::optional<std::string> path_text(std::string_view name, std::string_view what);

    /// The body's fields: of a JSON object, or of a form. Empty, and answered with 400, 413 or 415, when
    /// there is nothing to read them from. A request without a body has no fields.
    [[nodiscard]] std::optional<Fields> body();

    /// The query's fields; empty, and answered with 400, when they are no valid UTF-8.
    [[nodiscard]] std::optional<Fields> query();

    /// Whether the fields read so far are right; if not, answered with 422.
    [[nodiscard]] bool accept(const Fields& fields);

    void refuse(const Refusal& refusal) { asker_.send(refusal_response(refusal)); }
    void send(http::Response response) { asker_.send(std::move(response)); }

    /// For what cannot be done in one call of `read` or `write`.
    [[nodiscard]] const Asker& asker() const { return asker_; }

    /// Work: `Result<T> (store::Transaction&, const Actor&)`; Render: `http::Response (const T&)`.
    template <class Work, class Render>
    void read(Work work, Render render) {
        using Value = std::invoke_result_t<Work&, store::Transaction&, const Actor&>;
        asker_.backend().store.read(
            [asker = asker_, work = std::move(work)](store::Transaction& transaction) mutable -> Value {
                auto actor = asker.identify(transaction);
                if (!actor) return tl::unexpected(std::move(actor.error()));
                return work(transaction, *actor);
            },
            [asker = asker_, render = std::move(render)](tl::expected<Value, store::Error> outcome) {
                answer_with(asker, std::move(outcome), render);
            });
    }

    /// Work: `Result<T> (Change&, const Actor&)`. What it records is broadcast after the commit.
    template <class Work, class Render>
    void write(Work work, Render render) {
        change(Access::write, with_actor(std::move(work)), std::move(render));
    }

    /// Like `write`, for what only reads and announces.
    template <class Work, class Render>
    void announce(Work work, Render render) {
        change(Access::read, with_actor(std::move(work)), std::move(render));
    }

    /// Work: `Result<T> (Change&)`: for routes that need no token.
    template <class Work, class Render>
    static void write_as_nobody(const Asker& asker, Work work, Render render) {
        change(asker, Access::write, std::move(work), std::move(render));
    }

private:
    using Access = store::Store::Access;

    template <class T>
    struct Changed {
        T value;
        std::vector<Broadcast> broadcasts = {};
        bool added_jobs = false;
    };

    template <class Work>
    auto with_actor(Work work) const {
        return [asker = asker_, work = std::move(work)](
                   Change& change) mutable -> std::invoke_result_t<Work&, Change&, const Actor&> {
            auto actor = asker.identify(change.transaction());
            if (!actor) return tl::unexpected(std::move(actor.error()));
            return work(change, *actor);
        };
    }

    template <class Work, class Render>
    void change(Access access, Work work, Render render) {
        change(asker_, access, std::move(work), std::move(render));
    }

    template <class Work, class Render>
    static void change(const Asker& asker, Access access, Work work, Render render) {
        using Value = typename std::invoke_result_t<Work&, Change&>::value_type;
        auto run = [asker, work = std::move(work)](
                       store::Transaction& transaction) mutable -> Result<Changed<Value>> {
            const auto& backend = asker.backend();
            Change change(transaction, backend.policy.get(), backend.clock.unix_ms(), asker.socket());
            auto value = work(change);
            if (!value) return tl::unexpected(std::move(value.error()));
            return Changed<Value>{std::move(*value), change.take_broadcasts(), change.added_jobs()};
        };
        auto done = [asker,
                     render = std::move(render)](tl::expected<Result<Changed<Value>>, store::Error> outcome) {
            if (outcome && *outcome) {
                auto& delivery = asker.backend().delivery;
                if (!(*outcome)->broadcasts.empty()) delivery.deliver(std::move((*outcome)->broadcasts));
                if ((*outcome)->added_jobs) delivery.jobs_added();
            }
            answer_with(asker, std::move(outcome),
                        [render](const Changed<Value>& changed) { return render(changed.value); });
        };
        auto& store = asker.backend().store;
        if (access == Access::write) {
            store.write(std::move(run), std::move(done));
        } else {
            store.read(std::move(run), std::move(done));
        }
    }

    /// Hands the rendering to the loop: the store's threads have other work. `outcome` by reference: moving
    /// one that holds an error makes g++ 12 warn of the value that is not there.
    template <class Value, class Render>
    static void answer_with(const Asker& asker, tl::expected<Value, store::Error>&& outcome, Render render) {
        if (!outcome) return asker.send(store_error_response(outcome.error()));
        auto value = std::make_shared<Value>(std::move(*outcome));
        asker.send_from_loop([value, render = std::move(render)]() -> http::Response {
            if (!*value) return refusal_response(value->error());
            return render(**value);
        });
    }

    [[nodiscard]] std::optional<Fields> json_body();
    [[nodiscard]] std::optional<Fields> form(std::string_view text);

    json::Parser& parser_;
    const http::Request& request_;
    const http::PathParameters& parameters_;
    Asker asker_;
};

/// Adds routes of the API to a loop's router. `pattern` as in http::Router; the handler gets a Call.
class Routes {
public:
    /// All must outlive the router's use.
    Routes(http::Router& router, Backend& backend, json::Parser& parser)
        : router_(router), backend_(backend), parser_(parser) {}

    using Handler = std::function<void(Call&)>;

    /// A route for whoever has a token: without one, 401 before anything else is looked at.
    void add(std::string_view method, std::string_view pattern, Handler handler);

    /// A route for everybody.
    void add_open(std::string_view method, std::string_view pattern, Handler handler);

    /// Adds a route that takes the body in pieces, up to `body_bytes_max` of them together; the handler is
    /// called before the body, as http::UploadHandler is, with an Asker that cannot answer yet.
    using UploadHandler = std::function<tl::expected<std::unique_ptr<http::BodySink>, http::Response>(
        Asker asker, const http::Request& head, http::BodyFlow flow)>;
    void add_upload(std::string_view method, std::string_view pattern, std::uint64_t body_bytes_max,
                    UploadHandler handler);

    [[nodiscard]] http::Router& router() { return router_; }
    [[nodiscard]] Backend& backend() { return backend_; }

private:
    void answer_preflight(std::string_view pattern);

    http::Router& router_;
    Backend& backend_;
    json::Parser& parser_;
    std::vector<std::string> patterns_;  // that have an OPTIONS route
};

}  // namespace parley::chat
