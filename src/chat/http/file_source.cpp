#include "chat/http/file_source.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace parley::chat {

namespace {

constexpr std::uint64_t piece_bytes_max = 131'072;

}  // namespace

/// Used by one read at a time.
struct FileSource::Place {
    Descriptor file;
    std::uint64_t offset;
    std::uint64_t left;

    tl::expected<std::string, std::string> read() {
        std::string piece(std::min(left, piece_bytes_max), '\0');
        ssize_t count = 0;
        do {
            count = ::pread(file.number(), piece.data(), piece.size(), static_cast<off_t>(offset));
        } while (count < 0 && errno == EINTR);
        if (count < 0) return tl::unexpected(std::generic_category().message(errno));
        if (count == 0) return tl::unexpected(std::string("the file is shorter than it was"));
        piece.resize(static_cast<std::size_t>(count));
        offset += piece.size();
        left -= piece.size();
        return piece;
    }
};

FileSource::FileSource(WorkerPool& threads, Descriptor file, std::uint64_t offset, std::uint64_t size_bytes)
    : threads_(threads),
      place_(std::make_shared<Place>(Place{.file = std::move(file), .offset = offset, .left = size_bytes})) {}

void FileSource::read(std::function<void(tl::expected<std::string, std::string>)> done) {
    if (!threads_.run([place = place_, done] { done(place->read()); }))
        done(tl::unexpected(std::string("too many files are being read")));
}

}  // namespace parley::chat
