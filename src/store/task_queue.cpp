#include "store/task_queue.hpp"

#include <algorithm>
#include <utility>

namespace parley::store {

void TaskQueue::set_tasks_max(std::size_t tasks_max) {
    const std::lock_guard lock(mutex_);
    tasks_max_ = tasks_max;
}

std::optional<Error> TaskQueue::push(std::unique_ptr<Store::Task>& task) {
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return Error::closing;
        if (tasks_.size() >= tasks_max_) return Error::overloaded;
        tasks_.push_back({std::move(task), std::chrono::steady_clock::now()});
    }
    arrived_.notify_one();
    return std::nullopt;
}

std::vector<WaitingTask> TaskQueue::take(std::size_t count_max) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return closed_ || !tasks_.empty(); });
    const auto end = tasks_.begin() + static_cast<std::ptrdiff_t>(std::min(count_max, tasks_.size()));
    std::vector<WaitingTask> taken(std::make_move_iterator(tasks_.begin()), std::make_move_iterator(end));
    tasks_.erase(tasks_.begin(), end);
    return taken;
}

std::vector<WaitingTask> TaskQueue::take_since(std::chrono::steady_clock::time_point moment) {
    const std::lock_guard lock(mutex_);
    std::vector<WaitingTask> taken;
    while (!tasks_.empty() && tasks_.front().since <= moment) {
        taken.push_back(std::move(tasks_.front()));
        tasks_.pop_front();
    }
    return taken;
}

bool TaskQueue::closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

void TaskQueue::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    arrived_.notify_all();
}

}  // namespace parley::store
