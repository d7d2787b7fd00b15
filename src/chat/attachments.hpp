#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/change.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// A file whose content has been kept. Hashes are SHA-256 in hex: contents are found by them.
struct NewAttachment {
    std::string id = {};    // random, so that nobody can guess it
    std::string name = {};  // as `clean_file_name` gives it
    std::string media_type = {};
    std::int64_t size_bytes = 0;
    std::string content_hash = {};
    std::optional<std::int64_t> width = {};  // of pictures
    std::optional<std::int64_t> height = {};
    std::optional<std::string> thumbnail_hash = {};
};

/// What a download needs to know.
struct AttachmentFile {
    std::string name = {};
    std::string media_type = {};
    std::int64_t size_bytes = 0;
    std::string content_hash = {};
    std::optional<std::string> thumbnail_hash = {};
};

/// Whether the actor may upload one more: 409 with `max_unused_attachments` uploaded and not sent yet.
[[nodiscard]] Result<void> check_upload(store::Transaction& transaction, const Policy& policy, Moment now,
                                        Id user_id);

/// Keeps an upload, which its uploader alone sees until a message refers to it. 409 as `check_upload`.
[[nodiscard]] Result<Attachment> add_attachment(Change& change, const Actor& actor,
                                                const NewAttachment& file);

/// A file that the user may see: one of a message in a conversation that they take part in, or their own that
/// no message has. 404 for any other.
[[nodiscard]] Result<AttachmentFile> find_attachment_file(store::Transaction& transaction, Id user_id,
                                                          std::string_view attachment_id);

/// Forgets the files that no message has and that are older than `unused_attachment_age`, at most
/// `count_most`.
struct RemovedAttachments {
    std::int64_t count = 0;
    std::vector<std::string> hashes = {};  // of contents that may now be without a file; no two are equal
};
[[nodiscard]] RemovedAttachments remove_unused_attachments(Change& change, std::int64_t count_most);

/// Whether any file has this content, as itself or as its thumbnail.
[[nodiscard]] bool is_content_used(store::Transaction& transaction, std::string_view hash);

}  // namespace parley::chat
