#include "cli/server_status.hpp"

#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/status.hpp"
#include "cli/top_frame.hpp"

namespace parley::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A server's answer `seconds` after its start, in each of which the busy app is sent a thousand messages.
std::string answer(std::uint64_t seconds) {
    const auto counts = [](std::uint64_t below_25_us) {
        std::array<std::uint64_t, metrics::duration_bounds_us.size() + 1> all = {below_25_us};
        return fmt::format(R"({{"counts":[{}],"sum_us":7}})", fmt::join(all, ","));
    };
    const auto app = [&](std::string_view id, std::uint64_t connections, std::uint64_t sent) {
        return fmt::format(
            R"({{"id":"{}","enabled":true,"connections":{},"channels":2,"subscriptions":5,"published":{},)"
            R"("connections_opened":12345,"messages_received":10,"messages_sent":{},"bytes_received":100,)"
            R"("bytes_sent":{},"client_events":0,"api_requests":4,"slow_consumers":1,"rate_refusals":0,)"
            R"("deliveries":{},"api":{}}})",
            id, connections, sent / 10, sent, sent * 50, counts(sent), counts(4));
    };
    return fmt::format(
        R"({{"version":"0.1.0","now_ms":1800000000000,"started_at_ms":1799999000000,"uptime_ms":{},"port":6001,)"
        R"("draining":false,"pid":77,"cpu_ms":{},"resident_bytes":45000000,"memory_bytes":0,)"
        R"("descriptors":{{"open":40,"max":1024,"reserved":128,"connections_max":896}},"bounds_us":[{}],)"
        R"("loops":[{{"turns":{},"delays":{},"unsent_bytes":3000,"mailbox_bytes":5}}],)"
        R"("apps":[{},{}],"refusals":{{"wrong_signature":3}},"settings":{{"host":"0.0.0.0","path_prefix":""}}}})",
        seconds * 1'000, seconds * 250, fmt::join(metrics::duration_bounds_us, ","), counts(9), counts(2),
        app("idle", 9, 100), app("busy", 3, seconds * 1'000));
}

ServerStatus status_after(std::uint64_t seconds) { return read_server_status(answer(seconds)).value(); }

TEST(ServerStatus, IsReadFromTheAnswer) {
    const auto status = status_after(10);
    EXPECT_EQ(status.version, "0.1.0");
    EXPECT_EQ(status.pid, 77u);
    EXPECT_EQ(status.connections_max, 896);
    ASSERT_EQ(status.apps.size(), 2u);
    EXPECT_EQ(status.apps[1].id, "busy");
    EXPECT_EQ(status.apps[1].messages_sent, 10'000u);
    EXPECT_EQ(status.apps[1].deliveries.count(), 10'000u);
    EXPECT_EQ(status.all_apps().connections, 12u);
    EXPECT_EQ(status.all_loops().unsent_bytes, 3'000u);
    EXPECT_EQ(status.all_refusals(), 3u);
}

TEST(ServerStatus, IsNotReadFromAnythingElse) {
    for (const auto* text : {"", "OK", "[]", "<html>"})
        EXPECT_THAT(read_server_status(text).error(), HasSubstr("no status")) << text;
    EXPECT_THAT(read_server_status(R"({"bounds_us":[1,2]})").error(), HasSubstr("another version"));
}

TEST(StatusText, TellsWhatThereIs) {
    EXPECT_THAT(
        status_text(status_after(10)),
        AllOf(HasSubstr("parley          0.1.0, process 77, port 6001\n"),
              HasSubstr("12 of 896; 24,690 since the start"), HasSubstr("40 open of 1,024, 128 kept back"),
              HasSubstr("host = 0.0.0.0\n"), Not(HasSubstr("path_prefix")), HasSubstr("\nbusy "),
              HasSubstr("         3  wrong_signature\n")));
}

TEST(StatusText, SaysNothingOfNoRefusals) {
    auto status = status_after(10);
    status.refusals.clear();
    EXPECT_THAT(status_text(status), Not(HasSubstr("REFUSED")));
}

TEST(WebhooksText, ListsTotalsAndAttempts) {
    const auto text = webhooks_text(
        R"({"apps":[{"app_id":"a","sent":5,"retried":2,"dropped":1,"dropped_events":0,"waiting":4}],)"
        R"("attempts":[{"at_ms":0,"app_id":"a","url":"https://x/","events":3,"attempt":2,"duration_ms":12,)"
        R"("status":0,"error":"No connection."}]})");
    ASSERT_TRUE(text);
    EXPECT_THAT(
        *text,
        AllOf(HasSubstr("1970-01-01T00:00:00.000Z  -        12 ms  attempt 2, 3 events, app a, https://x/\n"),
              HasSubstr("No connection.\n")));
    EXPECT_THAT(webhooks_text(R"({"apps":[],"attempts":[]})").value(), HasSubstr("No webhook"));
    EXPECT_FALSE(webhooks_text("OK"));
}

TEST(TopFrame, ShowsWhatChangedInEachSecond) {
    EXPECT_THAT(top_frame(status_after(12), status_after(10), 200, 100),
                AllOf(HasSubstr("out 1.0k/s"), HasSubstr("out 50.0 kB/s"), HasSubstr("published    100/s"),
                      HasSubstr("processor 25 %"), HasSubstr("connections  12 of 896   opened 0/s"),
                      HasSubstr("refused      0/s")));
}

TEST(TopFrame, HasTheBusiestAppsFirst) {
    const auto frame = top_frame(status_after(12), status_after(10), 200, 100);
    EXPECT_LT(frame.find("\nbusy "), frame.find("\nidle "));
    const auto quiet = top_frame(status_after(10), status_after(10), 200, 100);
    EXPECT_LT(quiet.find("\nidle "), quiet.find("\nbusy ")) << "then those with more connections";
}

TEST(TopFrame, FitsTheTerminal) {
    const auto frame = top_frame(status_after(12), status_after(10), 40, 8);
    std::size_t begin = 0;
    std::size_t rows = 0;
    for (auto end = frame.find('\n'); end != std::string::npos; end = frame.find('\n', begin)) {
        EXPECT_LE(end - begin, 40u);
        begin = end + 1;
        ++rows;
    }
    EXPECT_EQ(rows, 8u);
}

TEST(TopFrame, ShowsAnAppThatIsNew) {
    auto earlier = status_after(10);
    earlier.apps.pop_back();
    EXPECT_THAT(top_frame(status_after(12), earlier, 200, 100), HasSubstr("\nbusy "));
}

}  // namespace
}  // namespace parley::cli
