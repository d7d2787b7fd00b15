#include "chat/http/file_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/log.hpp"
#include "crypto/digest.hpp"
#include "crypto/uuid.hpp"

namespace parley::chat {

namespace {

constexpr mode_t folder_mode = 0700;
constexpr mode_t file_mode = 0600;
constexpr std::size_t folder_name_length = 2;  // characters of the hash
constexpr std::size_t hash_length = 64;
constexpr int keep_tries = 10;  // against somebody who removes the same content at the same time

tl::unexpected<FileError> failed(std::string_view what) {
    return tl::unexpected(std::string(what) + ": " + std::generic_category().message(errno));
}

std::string temporary_folder(const std::string& directory) { return directory + "/tmp"; }

/// Has what was linked into a folder survive a loss of power.
bool sync_folder(const std::string& path) {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder.open() && ::fsync(folder.number()) == 0;
}

/// Whether a file that is open is still in a folder.
bool is_linked(const Descriptor& file) {
    struct stat facts{};
    return ::fstat(file.number(), &facts) == 0 && facts.st_nlink > 0;
}

FileResult<std::uint64_t> size_of(int file) {
    struct stat facts{};
    if (::fstat(file, &facts) != 0) return failed("fstat");
    return static_cast<std::uint64_t>(facts.st_size);
}

bool is_hash(std::string_view text) {
    return text.size() == hash_length && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Descriptor::~Descriptor() {
    if (open()) ::close(number_);
}

TemporaryFile::~TemporaryFile() {
    if (descriptor_.open()) ::unlink(path_.c_str());
}

TemporaryFile& TemporaryFile::operator=(TemporaryFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

FileResult<void> TemporaryFile::write(Bytes bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(descriptor(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return failed("write");
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

FileResult<std::uint64_t> TemporaryFile::size() const { return size_of(descriptor()); }

FileResult<MappedFile> MappedFile::open(const TemporaryFile& file) {
    const auto size = file.size();
    if (!size) return tl::unexpected(size.error());
    if (*size == 0) return MappedFile(Bytes());
    void* const memory = ::mmap(nullptr, *size, PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
    if (memory == MAP_FAILED) return failed("mmap");
    return MappedFile(Bytes(static_cast<const std::uint8_t*>(memory), *size));
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) ::munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
}

FileResult<std::unique_ptr<FileStore>> FileStore::open(const std::string& directory) {
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(directory).parent_path(), ignored);
    for (const auto& path : {directory, temporary_folder(directory)})
        if (::mkdir(path.c_str(), folder_mode) != 0 && errno != EEXIST) return failed("mkdir " + path);
    if (::access(temporary_folder(directory).c_str(), W_OK | X_OK) != 0)
        return failed("no file can be written to " + temporary_folder(directory));
    auto store = std::make_unique<FileStore>(directory);
    store->remove_left_behind();
    return store;
}

/// Files of a living process are locked.
void FileStore::remove_left_behind() const {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(temporary_folder(directory_), error)) {
        const Descriptor file(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        if (file.open() && ::flock(file.number(), LOCK_EX | LOCK_NB) == 0) ::unlink(entry.path().c_str());
    }
}

FileResult<TemporaryFile> FileStore::new_file() const {
    auto path = temporary_folder(directory_) + '/' + crypto::random_uuid();
    Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, file_mode));
    if (!descriptor.open()) return failed("open " + path);
    TemporaryFile file(std::move(path), std::move(descriptor));
    // Shared, since so it goes on to lock the content that it becomes.
    if (::flock(file.descriptor(), LOCK_SH | LOCK_NB) != 0) return failed("flock");
    return file;
}

std::string FileStore::folder_of(std::string_view hash) const {
    return directory_ + '/' + std::string(hash.substr(0, folder_name_length));
}

std::string FileStore::path_of(std::string_view hash) const {
    return folder_of(hash) + '/' + std::string(hash.substr(folder_name_length));
}

/// Gives the file its place; false when it is taken, by the same content.
FileResult<bool> FileStore::link(const TemporaryFile& file, std::string_view hash) const {
    const auto folder = folder_of(hash);
    if (::mkdir(folder.c_str(), folder_mode) == 0) {
        if (!sync_folder(directory_)) return failed("fsync " + directory_);
    } else if (errno != EEXIST) {
        return failed("mkdir " + folder);
    }
    if (::link(file.path_.c_str(), path_of(hash).c_str()) != 0) {
        if (errno == EEXIST) return false;
        return failed("link " + path_of(hash));
    }
    if (!sync_folder(folder)) return failed("fsync " + folder);
    return true;
}

FileResult<KeptContent> FileStore::keep(TemporaryFile file) const {
    if (::fdatasync(file.descriptor()) != 0) return failed("fdatasync");
    std::string hash;
    {
        const auto content = MappedFile::open(file);
        if (!content) return tl::unexpected(content.error());
        hash = crypto::sha256_hex(as_text(content->bytes()));
    }
    for (int tried = 0; tried < keep_tries; ++tried) {
        const auto linked = link(file, hash);
        if (!linked) return tl::unexpected(linked.error());
        // The lock on the temporary file is one on its content, wherever that is linked.
        if (*linked) {
            ::unlink(file.path_.c_str());
            return KeptContent{.hash = hash, .hold = std::exchange(file.descriptor_, Descriptor())};
        }
        Descriptor there(::open(path_of(hash).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        if (!there.open()) {
            if (errno == ENOENT) continue;
            return failed("open " + path_of(hash));
        }
        if (::flock(there.number(), LOCK_SH) != 0) return failed("flock");
        if (!is_linked(there)) continue;
        // Whoever put it there may not have come to this yet.
        if (!sync_folder(folder_of(hash))) return failed("fsync " + folder_of(hash));
        return KeptContent{.hash = hash, .hold = std::move(there)};
    }
    return tl::unexpected(FileError("the content is removed again and again"));
}

FileResult<StoredContent> FileStore::open_content(std::string_view hash) const {
    Descriptor file(::open(path_of(hash).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.open()) return failed("open " + path_of(hash));
    const auto size = size_of(file.number());
    if (!size) return tl::unexpected(size.error());
    return StoredContent{.file = std::move(file), .size_bytes = *size};
}

void FileStore::remove_unused(std::string_view hash, const std::function<bool()>& is_used) const {
    const Descriptor file(::open(path_of(hash).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.open() || ::flock(file.number(), LOCK_EX | LOCK_NB) != 0) return;
    if (!is_linked(file) || is_used()) return;
    if (::unlink(path_of(hash).c_str()) != 0)
        log::warning("attachment_not_removed", {{"reason", std::generic_category().message(errno)}});
}

std::vector<std::string> FileStore::contents_of_folder(std::uint8_t folder) const {
    constexpr std::string_view digits = "0123456789abcdef";
    const std::string name = {digits[folder >> 4U], digits[folder & 0xFU]};
    std::vector<std::string> hashes;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory_ + '/' + name, error)) {
        auto hash = name + entry.path().filename().string();
        if (is_hash(hash)) hashes.push_back(std::move(hash));
    }
    return hashes;
}

}  // namespace parley::chat
