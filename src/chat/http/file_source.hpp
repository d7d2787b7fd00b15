#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "chat/http/file_store.hpp"
#include "chat/http/worker_pool.hpp"
#include "http/body_source.hpp"

namespace parley::chat {

/// Gives a part of a file, read by a thread for files piece by piece.
class FileSource final : public http::BodySource {
public:
    /// `size_bytes` from `offset` on, which the file must have. `threads` outlives it.
    FileSource(WorkerPool& threads, Descriptor file, std::uint64_t offset, std::uint64_t size_bytes);

    void read(std::function<void(tl::expected<std::string, std::string>)> done) override;

private:
    struct Place;

    WorkerPool& threads_;
    std::shared_ptr<Place> place_;  // shared with a read that outlives this source
};

}  // namespace parley::chat
