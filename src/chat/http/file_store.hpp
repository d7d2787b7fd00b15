#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "base/bytes.hpp"

namespace parley::chat {

/// An open file; closed at the end.
class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool open() const { return number_ >= 0; }

private:
    int number_;
};

/// What the disk said, for the log.
using FileError = std::string;
template <class T>
using FileResult = tl::expected<T, FileError>;

/// A file that is being written. Gone with this object, and when the process dies with the next start, unless
/// it was kept.
class TemporaryFile {
public:
    TemporaryFile(std::string path, Descriptor descriptor)
        : path_(std::move(path)), descriptor_(std::move(descriptor)) {}
    ~TemporaryFile();
    TemporaryFile(TemporaryFile&& other) noexcept = default;
    TemporaryFile& operator=(TemporaryFile&& other) noexcept;

    [[nodiscard]] FileResult<void> write(Bytes bytes);

    /// How much it has.
    [[nodiscard]] FileResult<std::uint64_t> size() const;

    [[nodiscard]] const std::string& path() const { return path_; }

    /// Open for reading and writing.
    [[nodiscard]] int descriptor() const { return descriptor_.number(); }

private:
    friend class FileStore;

    std::string path_;
    Descriptor descriptor_;
};

/// The content of a file in memory, read by the system as it is looked at.
class MappedFile {
public:
    [[nodiscard]] static FileResult<MappedFile> open(const TemporaryFile& file);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
    MappedFile& operator=(MappedFile&& other) = delete;

    [[nodiscard]] Bytes bytes() const { return bytes_; }

private:
    explicit MappedFile(Bytes bytes) : bytes_(bytes) {}

    Bytes bytes_;
};

/// A content that is in the store, and stays there as long as this object lives, whoever wants to remove it.
struct KeptContent {
    std::string hash = {};
    Descriptor hold = Descriptor();
};

/// A content to be read.
struct StoredContent {
    Descriptor file = Descriptor();
    std::uint64_t size_bytes = 0;
};

/// Files by what is in them: the content with the SHA-256 abcdef… lies in DIRECTORY/ab/cdef…, once, whoever
/// uploaded it. All calls block, so they belong on threads for files; any number of threads and of processes
/// on one machine may share a directory. What is known of a content is held by locks of the system (flock):
/// shared by those who keep it, exclusive by who removes it.
class FileStore {
public:
    /// Makes the directory if need be, for this user only, and clears away what a crash left half written.
    [[nodiscard]] static FileResult<std::unique_ptr<FileStore>> open(const std::string& directory);

    explicit FileStore(std::string directory) : directory_(std::move(directory)) {}

    [[nodiscard]] FileResult<TemporaryFile> new_file() const;

    /// Has the file in the store, durably. A content that is there already is not stored again.
    [[nodiscard]] FileResult<KeptContent> keep(TemporaryFile file) const;

    [[nodiscard]] FileResult<StoredContent> open_content(std::string_view hash) const;

    /// Removes a content unless `is_used` says, at a moment when nobody is keeping it, that it is needed.
    /// Left alone when somebody is just keeping it: they have to see to it if they do not need it after all.
    void remove_unused(std::string_view hash, const std::function<bool()>& is_used) const;

    /// The contents in one of the 256 folders.
    [[nodiscard]] std::vector<std::string> contents_of_folder(std::uint8_t folder) const;

private:
    [[nodiscard]] std::string folder_of(std::string_view hash) const;
    [[nodiscard]] std::string path_of(std::string_view hash) const;
    [[nodiscard]] FileResult<bool> link(const TemporaryFile& file, std::string_view hash) const;
    void remove_left_behind() const;

    const std::string directory_;
};

}  // namespace parley::chat
