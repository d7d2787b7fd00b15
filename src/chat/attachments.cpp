#include "chat/attachments.hpp"

#include <algorithm>

namespace parley::chat {

namespace {

// What is old enough to be removed no longer counts.
const store::Statement count_unused(
    "SELECT COUNT(*) FROM attachments WHERE message_id IS NULL AND uploader_id = $1 AND created_at > $2");

const store::Statement insert_attachment(
    "INSERT INTO attachments (id, uploader_id, name, media_type, size_bytes, content_hash, width, height, "
    "thumbnail_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");

const store::Statement select_file(
    "SELECT a.name, a.media_type, a.size_bytes, a.content_hash, a.thumbnail_hash FROM attachments a "
    "WHERE a.id = $1 AND ((a.message_id IS NULL AND a.created_at > 0 AND a.uploader_id = $2) OR EXISTS ("
    "SELECT 1 FROM messages m "
    "JOIN participants p ON p.conversation_id = m.conversation_id AND p.user_id = $2 "
    "JOIN conversations c ON c.id = m.conversation_id "
    "JOIN company_members k ON k.company_id = c.company_id AND k.user_id = p.user_id "
    "WHERE m.id = a.message_id AND m.deleted_at IS NULL))");

const store::Statement delete_unused(
    "DELETE FROM attachments WHERE id IN (SELECT id FROM attachments "
    "WHERE message_id IS NULL AND created_at <= $1 ORDER BY created_at LIMIT $2) "
    "RETURNING content_hash, thumbnail_hash");

const store::Statement select_content("SELECT 1 FROM attachments WHERE content_hash = $1 LIMIT 1");
const store::Statement select_thumbnail("SELECT 1 FROM attachments WHERE thumbnail_hash = $1 LIMIT 1");

Moment unused_since(const Limits& limits, Moment now) { return now - limits.unused_attachment_age * 1'000; }

}  // namespace

Result<void> check_upload(store::Transaction& transaction, const Policy& policy, Moment now, Id user_id) {
    const auto most = policy.limits.max_unused_attachments;
    if (most == unlimited) return {};
    const auto count = transaction.query_integer(count_unused, {user_id, unused_since(policy.limits, now)});
    if (count.value_or(0) < most) return {};
    return conflict("too_many_unused_attachments",
                    "Too many files are uploaded and not sent (limits.max_unused_attachments).");
}

Result<Attachment> add_attachment(Change& change, const Actor& actor, const NewAttachment& file) {
    auto& transaction = change.transaction();
    if (auto allowed = check_upload(transaction, change.policy(), change.now(), actor.user_id); !allowed)
        return tl::unexpected(std::move(allowed.error()));
    transaction.execute(insert_attachment,
                        {file.id, actor.user_id, file.name, file.media_type, file.size_bytes,
                         file.content_hash, file.width, file.height, file.thumbnail_hash, change.now()});
    return Attachment{.id = file.id,
                      .name = file.name,
                      .media_type = file.media_type,
                      .size_bytes = file.size_bytes,
                      .width = file.width,
                      .height = file.height,
                      .has_thumbnail = file.thumbnail_hash.has_value()};
}

Result<AttachmentFile> find_attachment_file(store::Transaction& transaction, Id user_id,
                                            std::string_view attachment_id) {
    const auto rows = transaction.query(select_file, {attachment_id, user_id});
    if (rows.empty()) return not_found("Attachment");
    const auto row = rows.front();
    AttachmentFile file{.name = std::string(row.text(0)),
                        .media_type = std::string(row.text(1)),
                        .size_bytes = row.integer(2),
                        .content_hash = std::string(row.text(3))};
    if (const auto hash = row.optional_text(4)) file.thumbnail_hash = std::string(*hash);
    return file;
}

RemovedAttachments remove_unused_attachments(Change& change, std::int64_t count_most) {
    RemovedAttachments removed;
    const auto before = unused_since(change.policy().limits, change.now());
    for (const auto row : change.transaction().query(delete_unused, {before, count_most})) {
        ++removed.count;
        removed.hashes.emplace_back(row.text(0));
        if (const auto thumbnail = row.optional_text(1)) removed.hashes.emplace_back(*thumbnail);
    }
    std::sort(removed.hashes.begin(), removed.hashes.end());
    removed.hashes.erase(std::unique(removed.hashes.begin(), removed.hashes.end()), removed.hashes.end());
    return removed;
}

bool is_content_used(store::Transaction& transaction, std::string_view hash) {
    return !transaction.query(select_content, {hash}).empty() ||
           !transaction.query(select_thumbnail, {hash}).empty();
}

}  // namespace parley::chat
