#include "webhooks/presences.hpp"

#include <functional>
#include <utility>

namespace parley::webhooks {

std::size_t SubjectHash::operator()(const Subject& subject) const {
    const std::hash<std::string_view> hash;
    const auto user = subject.user_id ? hash(*subject.user_id) + 1 : 0;
    return hash(subject.channel) * 31 + user;
}

std::optional<std::uint64_t> Presences::arrive(const Subject& subject) {
    const auto [place, is_new] = present_.try_emplace(subject);
    auto& state = place->second;
    if (!is_new) {
        if (state.leaving) leaving_.erase(*state.leaving);
        state.leaving.reset();
        return std::nullopt;
    }
    state.arrival = ++last_arrival_;
    return state.arrival;
}

void Presences::depart(const Subject& subject, std::uint64_t now_ms) {
    const auto found = present_.find(subject);
    if (found == present_.end() || found->second.leaving) return;
    leaving_.push_back({now_ms + delay_ms_, &found->first});
    found->second.leaving = std::prev(leaving_.end());
}

std::vector<Presences::Departed> Presences::take_departed(std::uint64_t now_ms) {
    std::vector<Departed> departed;
    while (!leaving_.empty() && (leaving_.front().due_ms <= now_ms || leaving_.size() > delayed_max_))
        departed.push_back(take_first());
    return departed;
}

std::vector<Presences::Departed> Presences::take_all_departed() {
    std::vector<Departed> departed;
    while (!leaving_.empty()) departed.push_back(take_first());
    return departed;
}

std::optional<std::uint64_t> Presences::next_due_ms() const {
    if (leaving_.empty()) return std::nullopt;
    return leaving_.front().due_ms;
}

Presences::Departed Presences::take_first() {
    auto node = present_.extract(*leaving_.front().subject);
    leaving_.pop_front();
    return {std::move(node.key()), node.mapped().arrival};
}

}  // namespace parley::webhooks
