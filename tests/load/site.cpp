#include "site.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "json/writer.hpp"
#include "json_values.hpp"

namespace parley::load {

namespace {

Endpoint endpoint_of(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (url.starts_with(scheme)) url.remove_prefix(scheme.size());
    while (url.ends_with('/')) url.remove_suffix(1);
    const auto colon = url.find(':');
    const auto port = parse_decimal(colon == std::string_view::npos ? "80" : url.substr(colon + 1));
    if (!port || *port > 65'535) throw std::runtime_error("the URL shall be http://ADDRESS:PORT");
    return {.host = std::string(url.substr(0, colon)), .port = static_cast<std::uint16_t>(*port)};
}

/// What the disk takes to make a block durable that is written again, as those of a log are: no commit is
/// faster.
Latencies probe_disk(const std::filesystem::path& folder) {
    const auto path = folder / "probe";
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) throw std::runtime_error("cannot write in " + folder.string());
    const std::string block(4096, 'x');
    Latencies latencies;
    for (int i = 0; i <= 100; ++i) {
        const auto begin = now();
        if (pwrite(file, block.data(), block.size(), 0) < 0 || fdatasync(file) != 0)
            throw std::runtime_error("cannot write in " + folder.string());
        if (i > 0) latencies.add(now() - begin);
    }
    close(file);
    std::filesystem::remove(path);
    return latencies;
}

}  // namespace

Site::Site(const Options& options, const std::function<void(Setup&)>& furnish) : options_(options) {
    if (options.url.empty()) {
        database_.emplace(options.postgresql ? store::Dialect::postgresql : store::Dialect::sqlite,
                          options.folder);
        furnish(*setup_in(*database_->open()));
        start_server();
    } else {
        endpoint_ = endpoint_of(options.url);
        HttpClient client(poller_, endpoint_);
        furnish(*setup_over(client));
    }
}

Site::Site(const Options& options, const std::function<void(Setup&, store::Store&)>& furnish)
    : options_(options) {
    if (!options.url.empty()) throw std::runtime_error("this scenario needs a database of its own");
    database_.emplace(options.postgresql ? store::Dialect::postgresql : store::Dialect::sqlite,
                      options.folder);
    {
        const auto store = database_->open();
        furnish(*setup_in(*store), *store);
    }
    database_->analyze();
    start_server();
}

void Site::start_server() {
    server_.emplace(ServerOptions{.program = options_.program,
                                  .folder = database_->folder(),
                                  .database_url = database_->url(),
                                  .flags = options_.server_flags});
    endpoint_ = server_->endpoint();
}

std::vector<std::unique_ptr<Subscriber>> Site::connect(std::vector<Listener> listeners) {
    std::vector<std::unique_ptr<Subscriber>> subscribers;
    HttpClient client(poller_, endpoint_);
    for (auto& listener : listeners) {
        auto& subscriber = *subscribers.emplace_back(
            std::make_unique<Subscriber>(poller_, endpoint_, options_.app_key, std::move(listener.on_event)));
        poller_.run_until([&] { return !subscriber.socket_id().empty(); }, "a connection");
        const auto channel = fmt::format("private-user.{}", listener.person.user_id);
        std::string body;
        json::Writer writer(body);
        writer.begin_object().name("socket_id").string(subscriber.socket_id());
        writer.name("channel_name").string(channel).end_object();
        const auto answer = client.expect_success({.method = "POST",
                                                   .target = "/broadcasting/auth",
                                                   .token = listener.person.token,
                                                   .body = std::move(body)});
        subscriber.subscribe(channel, member_at(answer, {"auth"}));
        poller_.run_until([&] { return subscriber.subscribed(); }, "a subscription");
    }
    return subscribers;
}

std::optional<Usage> Site::server_usage() const {
    if (!server_) return std::nullopt;
    return usage_of(server_->id());
}

std::optional<StoreTotals> Site::stop_server() { return server_ ? server_->stop() : std::nullopt; }

void Site::describe(Report& report) const {
    if (!database_) return report.text("server", endpoint_.authority());
    report.text("database", options_.postgresql ? "postgresql" : "sqlite");
    auto disk = probe_disk(database_->folder());
    report.latencies("disk_fdatasync", disk);
}

}  // namespace parley::load
