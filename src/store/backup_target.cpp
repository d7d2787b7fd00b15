#include "store/backup_target.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "store/location.hpp"

namespace parley::store {
namespace {

tl::unexpected<OpenError> failed(const std::string& what, const std::string& path) {
    return tl::unexpected(OpenError{what + " " + path + ": " + std::generic_category().message(errno)});
}

/// Whether what was written to a file, or a folder's list of names, is on the disk.
bool synced(const std::string& path, int flags) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
    if (fd < 0) return false;
    const bool done = ::fsync(fd) == 0;
    const int error = errno;
    ::close(fd);
    errno = error;
    return done;
}

/// Never replaces what has come to the new name meanwhile.
bool renamed(const std::string& from, const std::string& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
    // File systems without this kind of renaming, NFS among them, have links.
    return errno == EINVAL && ::link(from.c_str(), to.c_str()) == 0 && ::unlink(from.c_str()) == 0;
}

}  // namespace

tl::expected<BackupTarget, OpenError> BackupTarget::make(const std::string& path) {
    std::error_code unreadable;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, unreadable)))
        return tl::unexpected(OpenError{"the backup is not written: " + path + " exists already"});
    auto pattern = path + ".XXXXXX";
    const int fd = ::mkostemp(pattern.data(), O_CLOEXEC);  // made with mode 0600
    if (fd < 0) return failed("the backup cannot be made beside", path);
    ::close(fd);
    return BackupTarget(path, std::move(pattern));
}

BackupTarget::BackupTarget(std::string path, std::string temporary_path)
    : path_(std::move(path)), temporary_path_(std::move(temporary_path)) {}

BackupTarget::BackupTarget(BackupTarget&& other) noexcept
    : path_(std::move(other.path_)), temporary_path_(std::exchange(other.temporary_path_, {})) {}

BackupTarget::~BackupTarget() {
    if (!temporary_path_.empty()) ::unlink(temporary_path_.c_str());
}

tl::expected<void, OpenError> BackupTarget::keep() {
    if (!synced(temporary_path_, O_RDWR)) return failed("the backup cannot be written to disk for", path_);
    if (!renamed(temporary_path_, path_)) return failed("the backup cannot be named", path_);
    temporary_path_.clear();
    const auto folder = std::filesystem::absolute(path_).parent_path().string();
    if (!synced(folder, O_RDONLY | O_DIRECTORY)) return failed("the backup's name may be lost:", path_);
    return {};
}

tl::expected<void, OpenError> backup(const std::string& url, const std::string& path) {
    const auto location = parse_location(url);
    if (!location) return tl::unexpected(location.error());
    auto target = BackupTarget::make(path);
    if (!target) return tl::unexpected(target.error());
    const auto copied = location->dialect == Dialect::sqlite
                            ? copy_sqlite(location->address, target->temporary_path())
                            : dump_postgresql(location->address, target->temporary_path());
    if (!copied) return copied;
    return target->keep();
}

}  // namespace parley::store
