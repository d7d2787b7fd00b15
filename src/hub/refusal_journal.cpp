#include "hub/refusal_journal.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "json/writer.hpp"

namespace parley::hub {

namespace {

constexpr std::size_t kept_bytes_max = 1'000;    // of each text but the compared one
constexpr std::size_t logged_bytes_max = 1'000;  // of the compared one
constexpr std::size_t hidden_bytes_min = 6;      // shorter secrets occur in ordinary words
constexpr std::string_view hidden = "(secret)";

void hide(std::string& text, std::string_view secret) {
    if (secret.size() < hidden_bytes_min) return;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + hidden.size()))
        text.replace(at, secret.size(), hidden);
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
    const auto app_id = refused.app_id;
    for (auto* const text : {&refused.sentence, &refused.channel, &refused.request, &refused.app_id})
        *text = with_valid_utf8(truncate_utf8(without_secrets(*text, app_id), kept_bytes_max));
    refused.compared = without_secrets(refused.compared, app_id);
    if (line == LogLine::written) log_line(refused);

    const auto now_ms = clock_.unix_ms();
    const std::lock_guard lock(mutex_);
    if (entries_.size() == entry_count_max) entries_.pop_front();
    entries_.push_back({now_ms, std::move(refused)});
}

std::string RefusalJournal::told(std::string_view sentence, pusher::RefusalCode code,
                                 std::string_view compared, std::string_view app_id) const {
    if (audience_ == Audience::strangers) return without_secrets(sentence, app_id);
    return without_secrets(pusher::developer_text(sentence, code, compared), app_id);
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

/// `app_id`: whose secrets may be in `text`; empty, or of no app: those of any.
std::string RefusalJournal::without_secrets(std::string_view text, std::string_view app_id) const {
    std::string safe(text);
    if (safe.size() < hidden_bytes_min) return safe;
    if (const auto* const app = apps_.find_by_id(app_id)) {
        for (const auto& secret : app->settings().secrets) hide(safe, secret);
        return safe;
    }
    for (const auto* const app : apps_.all())
        for (const auto& secret : app->settings().secrets) hide(safe, secret);
    return safe;
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
