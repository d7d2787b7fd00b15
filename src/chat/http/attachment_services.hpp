#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chat/http/backend.hpp"
#include "chat/http/file_store.hpp"
#include "chat/http/thumbnailer.hpp"
#include "chat/http/worker_pool.hpp"

namespace parley::chat {

/// What uploads and downloads stand on: the files and the threads that work with them. Shared by all loops.
/// Outlives their runs and the store's threads; `stop` is called between the end of the loops and the closing
/// of the store.
class AttachmentServices {
public:
    struct Options {
        std::string thumbnail_program = {};  // see Thumbnailer::find_program; empty: no thumbnails
        unsigned file_threads = 4;
        unsigned pictures_at_once = 2;  // processes, each with up to a gigabyte
    };

    AttachmentServices(Backend& backend, const Options& options, std::unique_ptr<FileStore> files);

    /// Finishes what waits for a file or the database, and takes no more.
    void stop();

    [[nodiscard]] Backend& backend() { return backend_; }
    [[nodiscard]] const FileStore& files() const { return *files_; }
    [[nodiscard]] const Thumbnailer& thumbnailer() const { return thumbnailer_; }
    [[nodiscard]] WorkerPool& file_threads() { return file_threads_; }
    [[nodiscard]] WorkerPool& picture_threads() { return picture_threads_; }

    /// Has contents removed that no attachment has, and looks through some of the others for those that a
    /// crash has left without one. What a job released (chat/attachments_jobs.hpp) is given here. Any thread.
    void release(std::vector<std::string> hashes);

    /// The same now, for threads that may wait.
    void remove_unused(const std::vector<std::string>& hashes);

    /// One upload among those that are under way at the same time.
    class Place {
    public:
        Place() = default;
        explicit Place(std::shared_ptr<std::atomic<int>> taken) : taken_(std::move(taken)) {}
        ~Place() {
            if (taken_) --*taken_;
        }
        Place(Place&& other) noexcept = default;
        Place& operator=(Place&& other) = delete;

        [[nodiscard]] bool given() const { return taken_ != nullptr; }

    private:
        std::shared_ptr<std::atomic<int>> taken_;
    };

    /// Not given when there are too many already. Any thread.
    [[nodiscard]] Place take_place();

private:
    Backend& backend_;
    const std::unique_ptr<FileStore> files_;
    const Thumbnailer thumbnailer_;
    // Shared with uploads, whose connections may end later.
    const std::shared_ptr<std::atomic<int>> uploads_ = std::make_shared<std::atomic<int>>(0);
    WorkerPool file_threads_;
    WorkerPool picture_threads_;
};

}  // namespace parley::chat
