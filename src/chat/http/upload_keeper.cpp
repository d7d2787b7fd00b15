#include "chat/http/upload_keeper.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "chat/attachment_name.hpp"
#include "chat/attachments.hpp"
#include "chat/http/answers.hpp"
#include "chat/http/media_type.hpp"
#include "chat/http/upload_metadata.hpp"
#include "crypto/uuid.hpp"

namespace parley::chat {

namespace {

constexpr std::int64_t storage_retry_after_ms = 10'000;

/// What a picture adds to an attachment.
struct Preview {
    std::optional<Picture> picture = {};
    std::optional<TemporaryFile> thumbnail = {};
};

/// `file`, or a file in its place without what must not be told.
FileResult<TemporaryFile> clean(const FileStore& files, TemporaryFile file, std::string_view media_type) {
    const auto content = MappedFile::open(file);
    if (!content) return tl::unexpected(content.error());
    const auto pieces = without_metadata(media_type, content->bytes());
    if (!pieces) return file;
    auto cleaned = files.new_file();
    if (!cleaned) return cleaned;
    for (const auto& piece : *pieces) {
        const auto written = cleaned->write(piece.added.empty() ? piece.kept : as_bytes(piece.added));
        if (!written) return tl::unexpected(written.error());
    }
    return cleaned;
}

tl::expected<Preview, http::Response> preview(const AttachmentServices& services, const Limits& limits,
                                              const TemporaryFile& file) {
    auto thumbnail = services.files().new_file();
    if (!thumbnail) return tl::unexpected(storage_error_response(thumbnail.error()));
    const auto made = services.thumbnailer().make(file, *thumbnail, limits.max_image_pixels);
    if (!made) {
        if (made.error() != PictureFailure::not_readable) return Preview();
        return tl::unexpected(
            refusal_response(invalid("file", "The file is not a picture that can be read.").value()));
    }
    // libvips makes up some metadata even when it is told not to.
    auto cleaned = clean(services.files(), std::move(*thumbnail), thumbnail_media_type);
    if (!cleaned) return tl::unexpected(storage_error_response(cleaned.error()));
    return Preview{.picture = *made, .thumbnail = std::move(*cleaned)};
}

/// Contents that are kept until their row is written, or known not to be.
class Keeping {
public:
    explicit Keeping(AttachmentServices& services) : services_(services) {}
    ~Keeping() {
        std::vector<std::string> hashes;
        for (const auto& content : contents_) hashes.push_back(content.hash);
        contents_.clear();
        if (!written_) services_.remove_unused(hashes);
    }
    Keeping(const Keeping&) = delete;
    Keeping& operator=(const Keeping&) = delete;

    /// The hash.
    [[nodiscard]] FileResult<std::string> keep(TemporaryFile file) {
        auto content = services_.files().keep(std::move(file));
        if (!content) return tl::unexpected(content.error());
        contents_.push_back(std::move(*content));
        return contents_.back().hash;
    }
    void written() { written_ = true; }

private:
    AttachmentServices& services_;
    std::vector<KeptContent> contents_;
    bool written_ = false;
};

tl::expected<Attachment, http::Response> write_row(AttachmentServices& services, const Actor& actor,
                                                   const NewAttachment& file) {
    const auto& backend = services.backend();
    auto outcome = backend.store.write_and_wait([&](store::Transaction& transaction) {
        Change change(transaction, backend.policy.get(), backend.clock.unix_ms(), {});
        return add_attachment(change, actor, file);
    });
    if (!outcome) return tl::unexpected(store_error_response(outcome.error()));
    if (!*outcome) return tl::unexpected(refusal_response(outcome->error()));
    return std::move(**outcome);
}

}  // namespace

http::Response storage_error_response(const std::string& reason) {
    log::error("attachment_not_stored", {{"reason", reason}});
    return refusal_response({.reason = Reason::unavailable,
                             .code = "storage_unavailable",
                             .message = "The file cannot be stored; try again later.",
                             .retry_after_ms = storage_retry_after_ms});
}

tl::expected<Attachment, http::Response> keep_upload(AttachmentServices& services, const Actor& actor,
                                                     ReceivedFile received) {
    const auto& limits = services.backend().policy.get().limits;
    auto file = clean(services.files(), std::move(received.file), received.media_type);
    if (!file) return tl::unexpected(storage_error_response(file.error()));
    Preview shown;
    if (is_picture(received.media_type)) {
        auto found = preview(services, limits, *file);
        if (!found) return tl::unexpected(std::move(found.error()));
        shown = std::move(*found);
    }
    const auto size = file->size();
    if (!size) return tl::unexpected(storage_error_response(size.error()));
    NewAttachment row{.id = crypto::random_uuid(),
                      .name = clean_file_name(received.name, limits.max_attachment_name_length),
                      .media_type = std::move(received.media_type),
                      .size_bytes = static_cast<std::int64_t>(*size)};
    if (shown.picture) {
        row.width = shown.picture->width;
        row.height = shown.picture->height;
    }
    Keeping keeping(services);
    auto hash = keeping.keep(std::move(*file));
    if (!hash) return tl::unexpected(storage_error_response(hash.error()));
    row.content_hash = std::move(*hash);
    if (shown.thumbnail) {
        auto thumbnail_hash = keeping.keep(std::move(*shown.thumbnail));
        if (!thumbnail_hash) return tl::unexpected(storage_error_response(thumbnail_hash.error()));
        row.thumbnail_hash = std::move(*thumbnail_hash);
    }
    auto attachment = write_row(services, actor, row);
    if (attachment) keeping.written();
    return attachment;
}

}  // namespace parley::chat
