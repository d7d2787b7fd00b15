#include "hub/refusal_journal.hpp"

#include <algorithm>
#include <compare>
#include <span>
#include <utility>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "json/writer.hpp"

namespace parley::hub {

namespace {

constexpr std::size_t kept_bytes_max = 1'000;    // of each text but the compared one
constexpr std::size_t logged_bytes_max = 1'000;  // of the compared one
constexpr std::size_t credential_bytes_max = 200;
constexpr std::size_t hidden_bytes_min = 6;  // shorter secrets occur in ordinary words
// Of so much of its beginning a secret is known, as quotes are cut: in 40 bytes the least.
constexpr std::size_t mark_bytes_max = 24;
constexpr std::string_view hidden = "(secret)";

using AppList = std::span<const App* const>;

/// Bytes of a text from `begin` to before `end`.
struct Part {
    std::size_t begin;
    std::size_t end;

    auto operator<=>(const Part&) const = default;
};

/// Adds to `parts` where `secret`, or the beginning of it, is in `text`.
void find_secret(std::string_view text, std::string_view secret, std::vector<Part>& parts) {
    if (secret.size() < hidden_bytes_min) return;
    const auto mark = secret.substr(0, mark_bytes_max);
    for (auto begin = text.find(mark); begin != std::string_view::npos; begin = text.find(mark, begin + 1)) {
        auto end = begin + mark.size();
        while (end < text.size() && end - begin < secret.size() && text[end] == secret[end - begin]) ++end;
        parts.push_back({begin, end});
    }
}

/// `text` without the secrets of `apps`, whole or cut.
std::string without_secrets(std::string_view text, AppList apps) {
    if (text.size() < hidden_bytes_min) return std::string(text);
    std::vector<Part> parts;
    for (const auto* const app : apps)
        for (const auto& secret : app->settings().secrets) find_secret(text, secret, parts);
    if (parts.empty()) return std::string(text);
    std::ranges::sort(parts);
    std::string safe;
    std::size_t done = 0;
    for (const auto& part : parts) {  // they overlap where a secret holds the beginning of one
        if (part.begin >= done) safe.append(text.substr(done, part.begin - done)).append(hidden);
        done = std::max(done, part.end);
    }
    safe.append(text.substr(done));
    return with_valid_utf8(safe);  // a secret that was cut may have ended within a character
}

/// What is kept of a text that peers may have written: cut first, so that a long one costs no more than
/// another.
std::string kept(std::string_view text, AppList apps) {
    const auto searched = truncate_utf8(text, kept_bytes_max + credential_bytes_max);
    return with_valid_utf8(truncate_utf8(without_secrets(searched, apps), kept_bytes_max));
}

/// Those of `all` whose secrets may be in what was compared for the app: its own, or any if it is unknown.
AppList concerned(AppList all, std::string_view app_id) {
    const auto found = std::ranges::find(all, app_id, &App::id);
    return found == all.end() ? all : AppList(found, 1);
}

void log_line(const Refused& refused) {
    log::info("refused", {{"kind", name_of(refused.kind)},
                          {"code", name_of(refused.code)},
                          {"status", refused.status},
                          {"sentence", refused.sentence},
                          {"compared", truncate_utf8(refused.compared, logged_bytes_max)},
                          {"app_id", refused.app_id},
                          {"channel", refused.channel},
                          {"socket_id", refused.socket_id},
                          {"peer", refused.peer},
                          {"request", refused.request}});
}

void write(json::Writer& writer, const RefusalJournal::Entry& entry) {
    const auto& refused = entry.refused;
    writer.begin_object();
    writer.name("at_ms").number(entry.at_ms);
    writer.name("kind").string(name_of(refused.kind));
    writer.name("code").string(name_of(refused.code));
    writer.name("status").number(refused.status);
    writer.name("sentence").string(refused.sentence);
    writer.name("compared").string(refused.compared);
    writer.name("cure").string(cure_of(refused.code));
    writer.name("app_id").string(refused.app_id);
    writer.name("channel").string(refused.channel);
    writer.name("socket_id").string(refused.socket_id);
    writer.name("peer").string(refused.peer);
    writer.name("request").string(refused.request);
    writer.end_object();
}

}  // namespace

RefusalJournal::RefusalJournal(const Apps& apps, const Clock& clock, Audience audience)
    : apps_(apps), clock_(clock), audience_(audience) {}

void RefusalJournal::add(Refused refused, LogLine line) {
    counts_[static_cast<std::size_t>(refused.code)].fetch_add(1, std::memory_order_relaxed);
    const auto apps = apps_.all();
    refused.compared = without_secrets(refused.compared, concerned(apps, refused.app_id));
    for (auto* const text : {&refused.sentence, &refused.channel, &refused.request, &refused.app_id})
        *text = kept(*text, apps);
    if (line == LogLine::written) log_line(refused);

    const auto now_ms = clock_.unix_ms();
    const std::lock_guard lock(mutex_);
    if (entries_.size() == entry_count_max) entries_.pop_front();
    entries_.push_back({now_ms, std::move(refused)});
}

std::string RefusalJournal::told(std::string_view sentence, pusher::RefusalCode code,
                                 std::string_view compared, std::string_view app_id) const {
    const auto apps = apps_.all();
    const auto safe = without_secrets(sentence, apps);
    if (audience_.load(std::memory_order_relaxed) == Audience::strangers) return safe;
    return pusher::developer_text(safe, code, without_secrets(compared, concerned(apps, app_id)));
}

std::vector<RefusalJournal::Entry> RefusalJournal::last(std::size_t count_max,
                                                        std::string_view app_id) const {
    std::vector<Entry> found;
    const std::lock_guard lock(mutex_);
    for (auto entry = entries_.rbegin(); entry != entries_.rend() && found.size() < count_max; ++entry)
        if (app_id.empty() || entry->refused.app_id == app_id) found.push_back(*entry);
    std::ranges::reverse(found);
    return found;
}

std::string refusals_json(const RefusalJournal& journal, std::size_t count_max, std::string_view app_id) {
    std::string text;
    json::Writer writer(text);
    writer.begin_object().name("refusals").begin_array();
    for (const auto& entry : journal.last(count_max, app_id)) write(writer, entry);
    writer.end_array().end_object();
    return text;
}

}  // namespace parley::hub
