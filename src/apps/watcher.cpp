#include "apps/watcher.hpp"

#include <sys/stat.h>

#include <chrono>
#include <utility>

#include "base/log.hpp"

namespace parley::apps {

namespace {

constexpr std::chrono::seconds pause_between_looks{1};
constexpr std::int64_t ms_per_s = 1'000;

}  // namespace

Watcher::Watcher(std::string path, List list, const Clock& clock)
    : path_(std::move(path)), list_(std::move(list)), clock_(clock) {}

void Watcher::stop() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    told_.notify_all();
    thread_.join();
}

void Watcher::reconfigure(std::vector<config::App> configured) {
    {
        const std::lock_guard lock(mutex_);
        reconfigured_ = std::move(configured);
    }
    told_.notify_all();
}

tl::expected<void, Refusal> Watcher::read() {
    const auto changed = reread();
    if (!changed) return tl::unexpected(changed.error());
    merge();
    return {};
}

void Watcher::start(Apply apply) {
    thread_ = std::thread([this, apply = std::move(apply)] { run(apply); });
}

void Watcher::run(const Apply& apply) {
    pthread_setname_np(pthread_self(), "apps");
    std::unique_lock lock(mutex_);
    while (true) {
        told_.wait_for(lock, pause_between_looks, [this] { return ended_ || reconfigured_; });
        if (ended_) return;
        auto configured = std::exchange(reconfigured_, std::nullopt);
        lock.unlock();
        if (configured) list_.configure(std::move(*configured));
        const bool looks_different = look();
        if (configured && !looks_different) merge();
        if (configured || looks_different) apply(apps_);
        lock.lock();
    }
}

bool Watcher::look() {
    const auto changed = reread();
    if (!changed) {
        note_failure(changed.error());
    } else {
        if (failure_logged_) log::info("apps_database_readable", {{"file", path_}});
        failure_.clear();
        failure_logged_ = false;
    }
    const bool due = due_s_ && clock_.unix_ms() / ms_per_s >= *due_s_;
    if (!due && !changed.value_or(false)) return false;
    merge();
    return true;
}

std::optional<Watcher::Identity> Watcher::identify() const {
    struct stat status{};
    if (stat(path_.c_str(), &status) != 0) return std::nullopt;
    return Identity{status.st_dev, status.st_ino};
}

/// Reads the rows if they may be other ones.
tl::expected<bool, Refusal> Watcher::reread() {
    const auto identity = identify();
    if (!identity) {
        if (database_)
            log::warning("apps_database_missing", {{"file", path_}, {"apps", "stay as they were"}});
        database_.reset();
        identity_.reset();
        return false;
    }
    if (identity != identity_) {
        database_.reset();
        auto opened = Database::open(path_);
        if (!opened) return tl::unexpected(opened.error());
        database_ = std::move(*opened);
        identity_ = identity;
        version_.reset();
    }
    // Asked first: what changes while the rows are read is seen the next time.
    const auto version = database_->version();
    if (!version) return tl::unexpected(version.error());
    if (version_ == *version) return false;
    auto rows = database_->all();
    if (!rows) return tl::unexpected(rows.error());
    rows_ = std::move(*rows);
    version_ = *version;
    return true;
}

void Watcher::merge() {
    auto merged = list_.merge(rows_, clock_.unix_ms() / ms_per_s);
    for (const auto& notice : merged.notices) log::warning("app_refused", {{"reason", notice}});
    due_s_ = merged.due_s;
    apps_ = std::move(merged.apps);
}

/// Logs what happens twice in a row, and that once: a file that is just being made, or locked for a moment,
/// is no reason to wake anybody.
void Watcher::note_failure(const Refusal& reason) {
    if (failure_ == reason && !failure_logged_) {
        log::error("apps_database_unreadable", {{"file", path_}, {"reason", reason}});
        failure_logged_ = true;
    } else if (failure_ != reason) {
        failure_logged_ = false;
    }
    failure_ = reason;
}

}  // namespace parley::apps
