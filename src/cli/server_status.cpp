#include "cli/server_status.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "json/parser.hpp"

namespace parley::cli {

namespace {

using metrics::HistogramSnapshot;
using Members = std::vector<json::Member>;

struct CountRow {
    std::string_view name;
    std::uint64_t AppStatus::* count;
};

constexpr CountRow count_rows[] = {
    {"connections", &AppStatus::connections},
    {"channels", &AppStatus::channels},
    {"subscriptions", &AppStatus::subscriptions},
    {"published", &AppStatus::published},
    {"connections_opened", &AppStatus::connections_opened},
    {"messages_received", &AppStatus::messages_received},
    {"messages_sent", &AppStatus::messages_sent},
    {"bytes_received", &AppStatus::bytes_received},
    {"bytes_sent", &AppStatus::bytes_sent},
    {"client_events", &AppStatus::client_events},
    {"api_requests", &AppStatus::api_requests},
    {"slow_consumers", &AppStatus::slow_consumers},
    {"rate_refusals", &AppStatus::rate_refusals},
};

/// Takes the answer apart. What is missing reads as nothing.
class Reader {
public:
    explicit Reader(json::Parser& parser) : parser_(parser) {}

    [[nodiscard]] Members object(const Members& members, std::string_view name) {
        const auto* const value = json::find(members, name);
        return value == nullptr ? Members() : parser_.members(*value);
    }

    [[nodiscard]] std::vector<json::Value> list(const Members& members, std::string_view name) {
        const auto* const value = json::find(members, name);
        return value == nullptr ? std::vector<json::Value>() : parser_.elements(*value);
    }

    static std::string text(const Members& members, std::string_view name) {
        const auto* const value = json::find(members, name);
        return value == nullptr ? "" : std::string(value->as_string().value_or(""));
    }

    static std::int64_t integer(const Members& members, std::string_view name) {
        const auto* const value = json::find(members, name);
        return value == nullptr ? 0 : parse_integer(value->raw()).value_or(0);
    }

    static std::uint64_t count(const Members& members, std::string_view name) {
        const auto* const value = json::find(members, name);
        return value == nullptr ? 0 : parse_decimal(value->raw()).value_or(0);
    }

    static bool flag(const Members& members, std::string_view name) {
        const auto* const value = json::find(members, name);
        return value != nullptr && value->raw() == "true";
    }

    [[nodiscard]] HistogramSnapshot histogram(const Members& members, std::string_view name) {
        HistogramSnapshot snapshot;
        const auto read = object(members, name);
        const auto counts = list(read, "counts");
        for (std::size_t i = 0; i < std::min(counts.size(), snapshot.counts.size()); ++i)
            snapshot.counts[i] = parse_decimal(counts[i].raw()).value_or(0);
        snapshot.sum_us = count(read, "sum_us");
        return snapshot;
    }

    [[nodiscard]] bool has_our_bounds(const Members& members) {
        const auto bounds = list(members, "bounds_us");
        return std::ranges::equal(bounds, metrics::duration_bounds_us, {}, [](const json::Value& bound) {
            return parse_decimal(bound.raw()).value_or(0);
        });
    }

    [[nodiscard]] AppStatus app(const Members& members) {
        AppStatus app;
        app.id = text(members, "id");
        app.enabled = flag(members, "enabled");
        for (const auto& [name, member] : count_rows) app.*member = count(members, name);
        app.deliveries = histogram(members, "deliveries");
        app.api = histogram(members, "api");
        return app;
    }

    [[nodiscard]] LoopStatus loop(const Members& members) {
        return {.turns = histogram(members, "turns"),
                .delays = histogram(members, "delays"),
                .unsent_bytes = count(members, "unsent_bytes"),
                .mailbox_bytes = count(members, "mailbox_bytes")};
    }

    void read_lists(const Members& members, ServerStatus& status) {
        for (const auto& each : list(members, "loops")) status.loops.push_back(loop(parser_.members(each)));
        for (const auto& each : list(members, "apps")) status.apps.push_back(app(parser_.members(each)));
        for (const auto& [name, value] : object(members, "refusals"))
            status.refusals.emplace_back(name, parse_decimal(value.raw()).value_or(0));
        for (const auto& [name, value] : object(members, "settings"))
            status.settings.emplace_back(name, value.as_string().value_or(""));
    }

    void read_process(const Members& members, ServerStatus& status) {
        status.pid = count(members, "pid");
        status.cpu_ms = count(members, "cpu_ms");
        status.resident_bytes = count(members, "resident_bytes");
        const auto descriptors = object(members, "descriptors");
        status.descriptors_open = count(descriptors, "open");
        status.descriptors_max = integer(descriptors, "max");
        status.reserved = integer(descriptors, "reserved");
        status.connections_max = integer(descriptors, "connections_max");
    }

private:
    json::Parser& parser_;
};

}  // namespace

void AppStatus::add(const AppStatus& other) {
    for (const auto& row : count_rows) this->*row.count += other.*row.count;
    deliveries.add(other.deliveries);
    api.add(other.api);
}

void LoopStatus::add(const LoopStatus& other) {
    turns.add(other.turns);
    delays.add(other.delays);
    unsent_bytes += other.unsent_bytes;
    mailbox_bytes += other.mailbox_bytes;
}

AppStatus ServerStatus::all_apps() const {
    AppStatus sum;
    for (const auto& app : apps) sum.add(app);
    return sum;
}

LoopStatus ServerStatus::all_loops() const {
    LoopStatus sum;
    for (const auto& loop : loops) sum.add(loop);
    return sum;
}

std::uint64_t ServerStatus::all_refusals() const {
    std::uint64_t sum = 0;
    for (const auto& [code, count] : refusals) sum += count;
    return sum;
}

tl::expected<ServerStatus, std::string> read_server_status(std::string_view json) {
    json::Parser parser(json_depth_max);
    const auto root = parser.parse(json);
    if (!root || root->type() != json::Type::object)
        return tl::unexpected(std::string("The answer is no status; is that a Parley server?"));
    const auto members = parser.members(*root);
    Reader reader(parser);
    if (!reader.has_our_bounds(members))
        return tl::unexpected(std::string("The server has another version than this command: use its own."));
    ServerStatus status{.version = Reader::text(members, "version"),
                        .now_ms = Reader::integer(members, "now_ms"),
                        .started_at_ms = Reader::integer(members, "started_at_ms"),
                        .uptime_ms = Reader::count(members, "uptime_ms"),
                        .port = Reader::count(members, "port"),
                        .draining = Reader::flag(members, "draining")};
    reader.read_process(members, status);
    reader.read_lists(members, status);
    return status;
}

}  // namespace parley::cli
