#include <array>
#include <optional>

#include <fmt/format.h>

#include "archive.hpp"
#include "chat/page_cursor.hpp"
#include "json_values.hpp"
#include "options.hpp"
#include "questions.hpp"

namespace parley::load {

namespace {

constexpr std::size_t many_clients = 16;
constexpr std::size_t changes_to_sync = 1'000;

/// Where a share of the answers should be.
struct Target {
    std::string_view name;
    double share = 0;
    std::int64_t below_us = 0;  // 0: no target
};
constexpr Target page_target = {"p99", 0.99, 20'000};
constexpr Target search_target = {"p95", 0.95, 50'000};
constexpr Target poll_target = {"p50", 0.5, 5'000};

/// Words by how often they are said: in about half of the messages down to one in a hundred; one in a
/// thousand; one in ten thousand and less.
struct Ranks {
    std::string_view name;
    std::size_t first = 0;
    std::size_t count = 0;
};
constexpr std::array ranks = {Ranks{"common", 0, 60}, Ranks{"medium", 600, 600},
                              Ranks{"rare", 15'000, 5'000}};

class Reading {
public:
    explicit Reading(const Options& options)
        : options_(options),
          vocabulary_(1),
          site_(options,
                [this](Setup& setup, store::Store& store) {
                    archive_ =
                        make_archive(setup, store, vocabulary_, options_.conversations, options_.messages);
                }),
          report_("read") {}

    void run() {
        site_.describe(report_);
        report_.number("messages", options_.messages);
        report_.number("conversations", options_.conversations);
        read_pages();
        search_all();
        sync();
        if (const auto usage = site_.server_usage())
            report_.number("server_resident_kib", usage->resident_kib);
        report_.finish();
    }

private:
    /// Measures with one client and with many.
    void measure(std::string_view name, const Question& question, const Target& target) {
        for (const auto clients : {std::size_t{1}, many_clients}) {
            auto latencies = ask(site_, question, clients, duration());
            const auto measured = fmt::format("{}_{}", name, clients);
            report_.latencies(measured, latencies);
            if (target.below_us == 0) continue;
            report_.target(measured, fmt::format("{} below {} ms", target.name, target.below_us / 1'000),
                           latencies.percentile_us(target.share) < target.below_us);
        }
    }

    [[nodiscard]] Nanoseconds duration() const {
        return static_cast<Nanoseconds>(options_.seconds * static_cast<double>(second));
    }

    void read_pages() {
        const auto& token = archive_.reader.token;
        const auto page = [this](std::string_view side, bool of_last) {
            const auto& conversation = some_conversation();
            const auto& ids = conversation.message_ids;
            return fmt::format("/api/chat/conversations/{}/messages?{}={}", conversation.id, side,
                               of_last ? ids.back() : ids[vocabulary_.number(ids.size())]);
        };
        measure("history", {.token = token, .next_target = [&] { return page("before", false); }},
                page_target);
        // Each page of the list leads to the next, and the last to the first.
        std::string cursor;
        const auto list = [&] {
            return "/api/chat/conversations" + (cursor.empty() ? "" : "?cursor=" + cursor);
        };
        const auto follow = [&](std::string_view body) {
            cursor = member_at(body, {"next_cursor"});
            if (cursor == "null") cursor.clear();
        };
        measure("list", {.token = token, .next_target = list, .look = follow}, page_target);
        measure("empty_poll", {.token = token, .next_target = [&] { return page("after", true); }},
                poll_target);
    }

    const ArchivedConversation& some_conversation() {
        while (true) {
            const auto& all = archive_.conversations;
            const auto& conversation = all[vocabulary_.number(all.size())];
            if (!conversation.message_ids.empty()) return conversation;
        }
    }

    std::string some_word(const Ranks& among) {
        return vocabulary_.word(among.first + vocabulary_.number(among.count));
    }

    void search(std::string_view name, const Person& person, const std::function<std::string()>& text) {
        measure(fmt::format("search_{}", name),
                {.token = person.token, .next_target = [&] { return "/api/chat/search?q=" + text(); }},
                search_target);
    }

    void search_all() {
        for (const auto& some : ranks) search(some.name, archive_.reader, [&] { return some_word(some); });
        const auto& [common, medium, rare] = ranks;
        const auto two = [&](const Ranks& one, const Ranks& other) {
            return [&] { return some_word(one) + "+" + some_word(other); };
        };
        search("two_common", archive_.reader, two(common, common));
        search("common_medium", archive_.reader, two(common, medium));
        search("common_rare", archive_.reader, two(common, rare));
        search("three_letters", archive_.reader, [&] { return some_word(medium).substr(0, 3); });
        search("nothing", archive_.reader, [] { return std::string("xylophone"); });
        search("common_of_newcomer", archive_.newcomer, [&] { return some_word(common); });
    }

    void sync() {
        const auto target = [](const std::string& cursor) {
            return "/api/chat/sync?limit=100&cursor=" + cursor;
        };
        const auto up_to_date = cursor_at(archive_.last_change);
        measure("sync_nothing",
                {.token = archive_.reader.token, .next_target = [&] { return target(up_to_date); }}, {});

        HttpClient client(site_.poller(), site_.endpoint());
        Latencies rounds;
        std::size_t page_count = 0;
        for (const auto end = now() + duration(); now() < end;) {
            const auto begin = now();
            auto cursor = cursor_at(archive_.last_change - static_cast<std::int64_t>(changes_to_sync));
            for (page_count = 0; !cursor.empty(); ++page_count) {
                const auto body =
                    client.expect_success({.target = target(cursor), .token = archive_.reader.token});
                cursor = member_at(body, {"has_more"}) == "true" ? member_at(body, {"next_cursor"}) : "";
            }
            rounds.add(now() - begin);
        }
        report_.latencies("sync_1000_changes", rounds);
        report_.number("sync_1000_changes_pages", page_count);
    }

    /// Where a client stands that knows everything up to a change.
    [[nodiscard]] std::string cursor_at(std::int64_t change) const {
        const std::array<std::int64_t, 7> place = {archive_.reader.user_id, change, change, 0, 0, 0, 0};
        return chat::write_cursor("sync", place);
    }

    const Options& options_;
    Vocabulary vocabulary_;
    Archive archive_;
    Site site_;
    Report report_;
};

}  // namespace

void measure_reading(const Options& options) { Reading(options).run(); }

}  // namespace parley::load
