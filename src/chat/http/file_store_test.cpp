#include "chat/http/file_store.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/digest.hpp"
#include "store/temporary_folder.hpp"

namespace parley::chat {
namespace {

class FileStoreTest : public testing::Test {
protected:
    static std::unique_ptr<FileStore> open(const std::string& directory) {
        auto store = FileStore::open(directory);
        if (!store) throw std::runtime_error(store.error());
        return std::move(*store);
    }
    TemporaryFile write(std::string_view content) {
        auto file = store_->new_file().value();
        EXPECT_TRUE(file.write(as_bytes(content)).has_value());
        return file;
    }
    KeptContent keep(std::string_view content) { return store_->keep(write(content)).value(); }

    /// What is in all files below the directory.
    std::vector<std::string> files() {
        std::vector<std::string> contents;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_)) {
            if (!entry.is_regular_file()) continue;
            std::ifstream stream(entry.path());
            contents.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
        }
        return contents;
    }

    static mode_t mode_of(const std::string& path) {
        struct stat facts{};
        return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777U : 0;
    }

    store::test::TemporaryFolder folder_;
    const std::string directory_ = folder_.path() / "below" / "files";
    std::unique_ptr<FileStore> store_ = open(directory_);
};

TEST_F(FileStoreTest, KeepsContentsUnderTheirHashForThisUserAlone) {
    const auto kept = keep("hello");
    EXPECT_EQ(kept.hash, crypto::sha256_hex("hello"));
    const auto folder = directory_ + '/' + kept.hash.substr(0, 2);
    EXPECT_EQ(mode_of(directory_), 0700U);
    EXPECT_EQ(mode_of(folder), 0700U);
    EXPECT_EQ(mode_of(folder + '/' + kept.hash.substr(2)), 0600U);
    EXPECT_EQ(files(), std::vector<std::string>{"hello"});
    EXPECT_EQ(store_->open_content(kept.hash).value().size_bytes, 5U);
    EXPECT_FALSE(store_->open_content(crypto::sha256_hex("other")).has_value());
}

TEST_F(FileStoreTest, StoresAContentOnce) {
    const auto one = keep("same");
    const auto two = keep("same");
    EXPECT_EQ(one.hash, two.hash);
    EXPECT_EQ(files().size(), 1U);
}

TEST_F(FileStoreTest, LeavesNothingOfAFileThatIsNotKept) {
    {
        const auto file = write("half");
        EXPECT_EQ(files().size(), 1U);
    }
    EXPECT_TRUE(files().empty());
}

TEST_F(FileStoreTest, ClearsAwayWhatACrashLeftAndNotWhatIsBeingWritten) {
    std::ofstream(directory_ + "/tmp/left") << "half";
    const auto file = write("now");
    const auto kept = keep("kept");
    open(directory_);
    auto contents = files();
    std::sort(contents.begin(), contents.end());
    EXPECT_EQ(contents, (std::vector<std::string>{"kept", "now"}));
}

TEST_F(FileStoreTest, RemovesWhatIsNotUsed) {
    const auto hash = keep("old").hash;
    bool asked = false;
    store_->remove_unused(hash, [&] { return asked = true; });
    EXPECT_TRUE(asked);
    EXPECT_EQ(files().size(), 1U) << "it is used";
    store_->remove_unused(hash, [] { return false; });
    EXPECT_TRUE(files().empty());
    store_->remove_unused(hash, [] { return false; });
}

TEST_F(FileStoreTest, DoesNotRemoveWhatIsBeingKept) {
    for (const bool is_second : {false, true}) {
        const auto before = is_second ? keep("new").hash : std::string();
        const auto kept = keep("new");
        store_->remove_unused(kept.hash, [] { return false; });
        EXPECT_EQ(files().size(), 1U) << is_second;
    }
}

TEST_F(FileStoreTest, ListsTheContentsOfAFolder) {
    const auto hash = keep("listed").hash;
    const auto folder = static_cast<std::uint8_t>(std::stoul(hash.substr(0, 2), nullptr, 16));
    std::ofstream(directory_ + '/' + hash.substr(0, 2) + "/README") << "not ours";
    EXPECT_EQ(store_->contents_of_folder(folder), std::vector<std::string>{hash});
    EXPECT_TRUE(store_->contents_of_folder(static_cast<std::uint8_t>(folder + 1)).empty());
}

TEST_F(FileStoreTest, NeverLosesAContentThatIsKeptWhileItIsRemoved) {
    constexpr int rounds = 300;
    std::atomic<int> users = 0;  // as rows of the database would say
    std::atomic<bool> done = false;
    const auto hash = crypto::sha256_hex("contended");
    std::thread remover([&] {
        while (!done) store_->remove_unused(hash, [&] { return users > 0; });
    });
    const auto upload = [&] {
        for (int i = 0; i < rounds; ++i) {
            {
                const auto kept =
                    store_->keep(store_->new_file()
                                     .and_then([](TemporaryFile file) -> FileResult<TemporaryFile> {
                                         if (auto written = file.write(as_bytes("contended")); !written)
                                             return tl::unexpected(written.error());
                                         return file;
                                     })
                                     .value());
                ASSERT_TRUE(kept.has_value()) << kept.error();
                ++users;
            }
            EXPECT_TRUE(store_->open_content(hash).has_value());
            --users;
        }
    };
    std::thread one(upload);
    std::thread two(upload);
    one.join();
    two.join();
    done = true;
    remover.join();
}

TEST_F(FileStoreTest, SaysWhyADirectoryCannotBeUsed) {
    std::ofstream(folder_.path() / "file") << "x";
    const auto store = FileStore::open(folder_.path() / "file");
    ASSERT_FALSE(store.has_value());
    EXPECT_NE(store.error().find("file"), std::string::npos);
}

}  // namespace
}  // namespace parley::chat
