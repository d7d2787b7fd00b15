#include "chat/http/worker_pool.hpp"

#include <pthread.h>

#include <utility>

namespace parley::chat {

WorkerPool::WorkerPool(const std::string& name, unsigned thread_count, std::size_t waiting_max)
    : waiting_max_(waiting_max) {
    for (unsigned i = 0; i < thread_count; ++i)
        threads_.emplace_back([this, name] {
            pthread_setname_np(pthread_self(), name.c_str());
            work();
        });
}

void WorkerPool::stop() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    arrived_.notify_all();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

void WorkerPool::set_waiting_max(std::size_t waiting_max) {
    const std::lock_guard lock(mutex_);
    waiting_max_ = waiting_max;
}

bool WorkerPool::run(std::function<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        if (closed_ || tasks_.size() >= waiting_max_) return false;
        tasks_.push_back(std::move(task));
    }
    arrived_.notify_one();
    return true;
}

void WorkerPool::work() {
    for (;;) {
        std::function<void()> task;
        {
            std::unique_lock lock(mutex_);
            arrived_.wait(lock, [this] { return closed_ || !tasks_.empty(); });
            if (tasks_.empty()) return;
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        task();
    }
}

}  // namespace parley::chat
