#include "chat/http/attachment_services.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "chat/attachments.hpp"
#include "crypto/random.hpp"

namespace parley::chat {

namespace {

constexpr int uploads_at_once_max = 256;
constexpr std::size_t waiting_files_max = 10'000;  // downloads have at most one task each, uploads too
constexpr std::size_t waiting_pictures_max = 32;
constexpr std::uint64_t folders = 256;

}  // namespace

AttachmentServices::AttachmentServices(Backend& backend, const Options& options,
                                       std::unique_ptr<FileStore> files)
    : backend_(backend),
      files_(std::move(files)),
      thumbnailer_({.program = options.thumbnail_program}),
      file_threads_("files", options.file_threads, waiting_files_max),
      picture_threads_("pictures", options.pictures_at_once, waiting_pictures_max) {}

void AttachmentServices::stop() {
    // In this order, since a file may turn out to be a picture.
    file_threads_.stop();
    picture_threads_.stop();
}

AttachmentServices::Place AttachmentServices::take_place() {
    if (++*uploads_ <= uploads_at_once_max) return Place(uploads_);
    --*uploads_;
    return {};
}

void AttachmentServices::release(std::vector<std::string> hashes) {
    // If it cannot be done now, the search for what a crash left finds it another time.
    static_cast<void>(file_threads_.run([this, hashes = std::move(hashes)] {
        remove_unused(hashes);
        remove_unused(files_->contents_of_folder(static_cast<std::uint8_t>(crypto::random_below(folders))));
    }));
}

void AttachmentServices::remove_unused(const std::vector<std::string>& hashes) {
    for (const auto& hash : hashes) {
        files_->remove_unused(hash, [&] {
            const auto used = backend_.store.read_and_wait(
                [&](store::Transaction& transaction) { return is_content_used(transaction, hash); });
            return used.value_or(true);
        });
    }
}

}  // namespace parley::chat
