#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "hub/apps.hpp"
#include "pusher/refusal.hpp"

namespace parley::hub {

/// Something that was refused, and to whom. What is not known of it is empty.
struct Refused {
    pusher::RefusalKind kind;
    pusher::RefusalCode code;
    int status = 0;             // what the client was told: a code of the protocol or of HTTP; 0: none
    std::string sentence = {};  // for people
    std::string compared = {};  // the string whose signature was wrong (`pusher::as_compared`)
    std::string app_id = {};
    std::string channel = {};
    std::string socket_id = {};
    std::string peer = {};     // its address
    std::string request = {};  // method and path
};

/// The last refusals of this server with their reasons. The one place where they are kept and logged, so that
/// operators find in both what clients were told; secrets of apps that peers sent by mistake are hidden in
/// it. Any thread.
class RefusalJournal {
public:
    static constexpr std::size_t entry_count_max = 256;

    enum class Audience : std::uint8_t { strangers, developers };

    /// `audience`: whom the clients' error messages are for; developers are told codes and compared strings.
    /// Both references must outlive the journal.
    RefusalJournal(const Apps& apps, const Clock& clock, Audience audience);

    void set_audience(Audience audience) { audience_.store(audience, std::memory_order_relaxed); }

    struct Entry {
        std::int64_t at_ms;  // Unix time
        Refused refused;
    };

    /// Whether there is a line in the log as well: one client must not drown what is said of the others.
    enum class LogLine : bool { none, written };

    /// Keeps `refused`, in place of the oldest entry if there are entry_count_max.
    void add(Refused refused, LogLine line);

    /// What the client is told in place of `sentence`.
    [[nodiscard]] std::string told(std::string_view sentence, pusher::RefusalCode code,
                                   std::string_view compared = "", std::string_view app_id = "") const;

    /// The last entries of the app with that id, or of all apps if it is empty; at most `count_max`, the
    /// newest last.
    [[nodiscard]] std::vector<Entry> last(std::size_t count_max, std::string_view app_id = "") const;

    /// How often that was the reason since the server started.
    [[nodiscard]] std::uint64_t count(pusher::RefusalCode code) const {
        return counts_[static_cast<std::size_t>(code)].load(std::memory_order_relaxed);
    }

private:
    const Apps& apps_;
    const Clock& clock_;
    std::atomic<Audience> audience_;
    std::array<std::atomic<std::uint64_t>, pusher::refusal_code_count> counts_ = {};
    mutable std::mutex mutex_;
    std::deque<Entry> entries_;  // the oldest first
};

/// The last refusals as JSON, as `RefusalJournal::last` finds them: {"refusals":[…]}.
[[nodiscard]] std::string refusals_json(const RefusalJournal& journal, std::size_t count_max,
                                        std::string_view app_id = "");

}  // namespace parley::hub
