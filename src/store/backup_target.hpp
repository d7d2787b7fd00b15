#pragma once

#include <string>

#include <tl/expected.hpp>

#include "store/store.hpp"

namespace parley::store {

/// The file of a backup while it is made: under another name beside its own, readable by its owner alone,
/// gone again unless `keep` is called.
class BackupTarget {
public:
    /// Refuses a path at which something is.
    [[nodiscard]] static tl::expected<BackupTarget, OpenError> make(const std::string& path);

    ~BackupTarget();
    BackupTarget(BackupTarget&& other) noexcept;
    BackupTarget(const BackupTarget&) = delete;
    BackupTarget& operator=(const BackupTarget&) = delete;
    BackupTarget& operator=(BackupTarget&&) = delete;

    /// Where to write: an empty file.
    [[nodiscard]] const std::string& temporary_path() const { return temporary_path_; }

    /// Gives the file its own name when it is safely on the disk.
    [[nodiscard]] tl::expected<void, OpenError> keep();

private:
    BackupTarget(std::string path, std::string temporary_path);

    std::string path_;
    std::string temporary_path_;  // empty: nothing to remove
};

/// Per database, in the files named after it: writes the copy to a file that is there and empty.
[[nodiscard]] tl::expected<void, OpenError> copy_sqlite(const std::string& database_path,
                                                        const std::string& copy_path);
[[nodiscard]] tl::expected<void, OpenError> dump_postgresql(const std::string& url,
                                                            const std::string& dump_path);

}  // namespace parley::store
