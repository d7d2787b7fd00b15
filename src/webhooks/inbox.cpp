#include "webhooks/inbox.hpp"

#include <utility>

#include "base/limits.hpp"

namespace parley::webhooks {

void Inbox::set_bytes_max(std::int64_t bytes_max) {
    const std::lock_guard lock(mutex_);
    bytes_max_ = bytes_max;
}

Inbox::Wake Inbox::put(const hub::App& app, Event event) {
    const auto event_bytes = bytes_of(event);
    const std::lock_guard lock(mutex_);
    auto& bytes = bytes_[&app];
    if (exceeds(bytes + event_bytes, bytes_max_)) {
        ++content_.lost[&app];
    } else {
        bytes += event_bytes;
        content_.events.push_back({&app, std::move(event)});
    }
    return wake();
}

Inbox::Wake Inbox::put(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    content_.tasks.push_back(std::move(task));
    return wake();
}

Inbox::Content Inbox::take() {
    const std::lock_guard lock(mutex_);
    woken_ = false;
    bytes_.clear();
    return std::exchange(content_, {});
}

Inbox::Wake Inbox::wake() { return std::exchange(woken_, true) ? Wake::no : Wake::yes; }

}  // namespace parley::webhooks
