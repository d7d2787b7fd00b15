#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <tl/expected.hpp>

#include "apps/database.hpp"
#include "apps/list.hpp"
#include "base/clock.hpp"

namespace parley::apps {

/// Looks once a second, on a thread of its own, whether the database of apps has changed: the file, its
/// content, or what of it is valid at that time. The file may be missing, and come and go: without it the
/// apps stay as they were.
class Watcher {
public:
    /// Takes a new list of all apps, on the watcher's thread.
    using Apply = std::function<void(const std::vector<config::App>& apps)>;

    /// `path` is the database's file. `clock` must outlive the watcher.
    Watcher(std::string path, List list, const Clock& clock);

    ~Watcher() { stop(); }
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    /// Reads the list for the first time. Refused when there is a file that cannot be read: clients that are
    /// told that their app does not exist stay away for good. Once, before `start`.
    [[nodiscard]] tl::expected<void, Refusal> read();

    /// The list as it was last read. Before `start`.
    [[nodiscard]] const std::vector<config::App>& apps() const { return apps_; }

    /// Begins to look; `apply` is called with every list that may be another than the last.
    void start(Apply apply);

    /// Puts `configured`, never empty, in the place of the apps of the configuration; `apply` is called with
    /// what that makes. After `start`; any thread.
    void reconfigure(std::vector<config::App> configured);

    /// Ends the thread; `apply` is not called any more.
    void stop();

    /// Looks once, as the thread does. Whether the list may be another one.
    [[nodiscard]] bool look();

private:
    /// Which file it is, however it is called.
    struct Identity {
        dev_t device = 0;
        ino_t number = 0;

        bool operator==(const Identity&) const = default;
    };

    void run(const Apply& apply);
    [[nodiscard]] std::optional<Identity> identify() const;
    [[nodiscard]] tl::expected<bool, Refusal> reread();
    void merge();
    void note_failure(const Refusal& reason);

    std::string path_;
    List list_;
    const Clock& clock_;
    std::optional<Database> database_;
    std::optional<Identity> identity_;
    std::optional<std::int64_t> version_;
    std::vector<StoredApp> rows_;
    std::vector<config::App> apps_;
    std::optional<std::int64_t> due_s_;  // when secrets end
    Refusal failure_;                    // the last one, empty after a success
    bool failure_logged_ = false;

    std::mutex mutex_;
    std::condition_variable told_;
    bool ended_ = false;
    std::optional<std::vector<config::App>> reconfigured_;  // until the thread takes it over
    std::thread thread_;
};

}  // namespace parley::apps
