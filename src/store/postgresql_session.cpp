#include "store/postgresql_session.hpp"

#include <poll.h>

#include <array>
#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

namespace parley::store {
namespace {

using namespace std::string_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds connect_most{10};
constexpr int connect_step_ms = 100;
constexpr int server_version_least = 13'00'00;  // the first with `normalize`, which the full-text index uses

/// A connection may not forget what it has confirmed, whatever the server's default is; and a node that hangs
/// in the middle of a transaction may not keep the turn of the others for ever.
const Statement session_settings(
    "SELECT set_config('synchronous_commit', "
    "CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE "
    "current_setting('synchronous_commit') END, "
    "false), set_config('idle_in_transaction_session_timeout', '10s', false)");

std::string trimmed(const char* text) {
    std::string line(text == nullptr ? "" : text);
    while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.pop_back();
    return line;
}

std::string_view field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text == nullptr ? std::string_view() : text;
}

/// What comes before dbname can be said otherwise by the URL, what comes behind cannot. A peer that vanished
/// is noticed after 25 s when idle and 4 s when something is on its way.
PGconn* start_connecting(const std::string& url) {
    constexpr std::size_t count = 9;
    const std::array<const char*, count> keys = {"fallback_application_name",
                                                 "keepalives",
                                                 "keepalives_idle",
                                                 "keepalives_interval",
                                                 "keepalives_count",
                                                 "tcp_user_timeout",
                                                 "dbname",
                                                 "client_encoding",
                                                 nullptr};
    const std::array<const char*, count> values = {"parley", "1",         "10",   "5",    "3",
                                                   "4000",   url.c_str(), "UTF8", nullptr};
    return PQconnectStartParams(keys.data(), values.data(), 1);
}

/// Refuses, too, what shows that a password was written without %XX: its rest would be taken for the host or
/// the port, and the library's messages repeat those.
bool understood(const std::string& url) {
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(url.c_str(), &message), &PQconninfoFree);
    PQfreemem(message);  // may repeat a part of the password
    if (!options) return false;
    for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
        const std::string_view key = option->keyword;
        const std::string_view value = option->val == nullptr ? "" : option->val;
        if (key == "host" && value.find('@') != std::string_view::npos) return false;
        if (key == "port" && value.find_first_not_of("0123456789,") != std::string_view::npos) return false;
    }
    return true;
}

/// Whether the socket is ready, or was closed.
bool wait_for(const PGconn* connection, int events, int timeout_ms) {
    pollfd waited{.fd = PQsocket(connection), .events = static_cast<short>(events), .revents = 0};
    return ::poll(&waited, 1, timeout_ms) > 0;
}

std::optional<std::string> encode(const Parameter& parameter, const Statement& statement) {
    if (const auto* integer = std::get_if<std::int64_t>(&parameter.value())) return std::to_string(*integer);
    const auto* text = std::get_if<std::string_view>(&parameter.value());
    if (text == nullptr) return std::nullopt;
    // The library takes C strings: it would store what comes before.
    if (text->find('\0') != std::string_view::npos)
        throw Failure{.kind = Failure::Kind::refused,
                      .reason = "a text with NUL in: " + statement.text(Dialect::postgresql)};
    return std::string(*text);
}

}  // namespace

tl::expected<PostgresqlSession, OpenError> PostgresqlSession::open(const std::string& url,
                                                                   Store::Access access,
                                                                   const Database::GoOn& go_on) {
    if (!understood(url))
        return tl::unexpected(OpenError{
            "the database's URL is not one that PostgreSQL understands (special characters of a password are "
            "written as %XX)"});
    PostgresqlSession session(start_connecting(url), access);
    const auto opened = session.finish_connecting(go_on).and_then([&] { return session.check_server(); });
    if (!opened) return tl::unexpected(OpenError{"PostgreSQL cannot be used: " + opened.error()});
    return session;
}

tl::expected<void, std::string> PostgresqlSession::finish_connecting(const Database::GoOn& go_on) {
    auto* const connection = connection_.get();
    PQsetNoticeProcessor(connection, [](void*, const char*) {}, nullptr);
    if (PQstatus(connection) == CONNECTION_BAD) return tl::unexpected(trimmed(PQerrorMessage(connection)));
    const auto deadline = SteadyClock::now() + connect_most;
    auto wanted = PGRES_POLLING_WRITING;
    while (wanted != PGRES_POLLING_OK) {
        if (wait_for(connection, wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT, connect_step_ms))
            wanted = PQconnectPoll(connection);
        if (wanted == PGRES_POLLING_FAILED) return tl::unexpected(trimmed(PQerrorMessage(connection)));
        if (!go_on() || SteadyClock::now() > deadline) return tl::unexpected("no answer in time"s);
    }
    return {};
}

tl::expected<void, std::string> PostgresqlSession::check_server() {
    auto* const connection = connection_.get();
    if (PQserverVersion(connection) < server_version_least)
        return tl::unexpected("version 12 or newer is needed"s);
    const char* encoding = PQparameterStatus(connection, "server_encoding");
    if (encoding == nullptr || encoding != "UTF8"s)
        return tl::unexpected("the database must be made with the encoding UTF8"s);
    PQsetnonblocking(connection, 1);
    PQenterPipelineMode(connection);
    try {
        enqueue(session_settings);
        exchange();
    } catch (const Failure& failure) {
        return tl::unexpected(failure.reason);
    }
    return {};
}

void PostgresqlSession::enqueue(const Statement& statement, std::span<const Parameter> parameters,
                                std::int64_t* answer) {
    Command command{.statement = &statement, .values = {}, .answer = answer};
    command.values.reserve(parameters.size());
    for (const auto& parameter : parameters) command.values.push_back(encode(parameter, statement));
    waiting_.push_back(std::move(command));
}

PostgresqlSession::Result PostgresqlSession::exchange() {
    const auto sent = std::exchange(waiting_, {});
    preparing_.clear();
    for (const auto& command : sent) send(command);
    if (PQpipelineSync(connection_.get()) == 0) fail_lost();

    std::optional<Failure> first;
    Result last;
    for (std::size_t i = 0; i < sent.size(); ++i) {
        if (preparing_[i]) {
            result_of(*sent[i].statement, first);
            if (!first) prepared_[sent[i].statement->index()] = true;
        }
        last = result_of(*sent[i].statement, first);
        if (!first && sent[i].answer != nullptr) {
            const std::string_view text = PQgetvalue(last.get(), 0, 0);
            std::from_chars(text.data(), text.data() + text.size(), *sent[i].answer);
        }
    }
    const auto end = next_result();
    if (PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC) fail_lost();
    if (first) throw Failure(std::move(*first));
    return last;
}

void PostgresqlSession::send(const Command& command) {
    const auto index = command.statement->index();
    const auto name = "s" + std::to_string(index);
    if (index >= prepared_.size()) prepared_.resize(index + 1);
    preparing_.push_back(!prepared_[index]);
    const auto& text = command.statement->text(Dialect::postgresql);
    if (preparing_.back() && PQsendPrepare(connection_.get(), name.c_str(), text.c_str(), 0, nullptr) == 0)
        fail_lost();

    std::vector<const char*> values;
    values.reserve(command.values.size());
    for (const auto& value : command.values) values.push_back(value ? value->c_str() : nullptr);
    if (PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()), values.data(),
                            nullptr, nullptr, 0) == 0)
        fail_lost();
}

/// The one result of a command and the null behind it.
PostgresqlSession::Result PostgresqlSession::result_of(const Statement& statement,
                                                       std::optional<Failure>& first) {
    auto result = next_result();
    const auto status = PQresultStatus(result.get());
    if (!result || (status == PGRES_FATAL_ERROR && PQstatus(connection_.get()) == CONNECTION_BAD))
        fail_lost();
    if (!first && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        first = failure(result.get(), statement.text(Dialect::postgresql));
        if (first->kind == Failure::Kind::connection_lost) throw Failure(std::move(*first));
    }
    if (next_result()) fail_lost();
    return result;
}

PostgresqlSession::Result PostgresqlSession::next_result() {
    auto* const connection = connection_.get();
    for (;;) {
        const int unsent = PQflush(connection);
        if (unsent < 0) fail_lost();
        if (unsent == 0 && PQisBusy(connection) == 0) return Result(PQgetResult(connection));
        wait_for(connection, unsent > 0 ? POLLIN | POLLOUT : POLLIN, -1);
        if (PQconsumeInput(connection) == 0) fail_lost();
    }
}

PostgresqlSession::Result PostgresqlSession::run(const char* statements) {
    auto* const connection = connection_.get();
    PQexitPipelineMode(connection);
    Result result(PQexec(connection, statements));
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw Failure{.kind = Failure::Kind::refused, .reason = trimmed(PQerrorMessage(connection))};
    PQenterPipelineMode(connection);
    return result;
}

void PostgresqlSession::fail_lost() const {
    auto reason = trimmed(PQerrorMessage(connection_.get()));
    if (reason.empty()) reason = "the server's answers do not fit";
    throw Failure{.kind = Failure::Kind::connection_lost, .reason = std::move(reason)};
}

Failure PostgresqlSession::failure(const PGresult* result, const std::string& statement) const {
    const auto severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    const auto code = field(result, PG_DIAG_SQLSTATE);
    // A writer that has become a standby after a fail-over: the right server is found by connecting again.
    const bool moved = access_ == Store::Access::write && code == "25006";
    const bool lost = severity == "FATAL" || severity == "PANIC" || moved;
    // Data exceptions repeat the value.
    const auto words =
        code.starts_with("22") ? "a value does not fit" : field(result, PG_DIAG_MESSAGE_PRIMARY);
    return {.kind = lost ? Failure::Kind::connection_lost : Failure::Kind::refused,
            .reason = std::string(words) + " (PostgreSQL " + std::string(code) + ") in: " + statement};
}

}  // namespace parley::store
