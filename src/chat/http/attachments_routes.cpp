#include "chat/http/attachments_routes.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "chat/attachments.hpp"
#include "chat/http/content_disposition.hpp"
#include "chat/http/file_source.hpp"
#include "chat/http/media_type.hpp"
#include "chat/http/upload.hpp"
#include "chat/http/upload_sink.hpp"
#include "http/etag.hpp"
#include "http/range.hpp"

namespace parley::chat {

namespace {

constexpr std::uint64_t form_bytes_max = 65'536;  // what a form is more than its file
constexpr std::string_view thumbnail_name = "thumbnail.webp";

enum class Variant : std::uint8_t { original, thumbnail };

/// What a request asks of a file besides the file itself.
struct Conditions {
    std::string if_none_match = {};
    std::string if_range = {};
    std::string range = {};  // of a GET
};

/// What is sent of a file that one may see.
struct Download {
    std::string name = {};
    std::string media_type = {};  // as sniffed
    std::string hash = {};
    Conditions conditions = {};
};

Conditions conditions_of(const http::Request& request) {
    const auto value = [&](std::string_view name) {
        return std::string(request.find_header(name).value_or(""));
    };
    return {.if_none_match = value("If-None-Match"),
            .if_range = value("If-Range"),
            .range = request.method == "GET" ? value("Range") : std::string()};
}

Result<Download> find_download(store::Transaction& transaction, const Actor& actor, const std::string& id,
                               Variant variant) {
    auto file = find_attachment_file(transaction, actor.user_id, id);
    if (!file) return tl::unexpected(std::move(file.error()));
    if (variant == Variant::original)
        return Download{.name = file->name, .media_type = file->media_type, .hash = file->content_hash};
    if (!file->thumbnail_hash) return not_found("Thumbnail");
    return Download{.name = std::string(thumbnail_name),
                    .media_type = std::string(thumbnail_media_type),
                    .hash = *file->thumbnail_hash};
}

/// What every answer about a content says. It never changes, so it may be kept, but only by who was let in.
http::Response response_about(const Download& download, int status) {
    http::Response response;
    response.status = status;
    response.headers = {{"ETag", '"' + download.hash + '"'},
                        {"Cache-Control", "private, max-age=31536000, immutable"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Content-Security-Policy", "default-src 'none'; sandbox"},
                        {"Accept-Ranges", "bytes"}};
    return response;
}

bool is_known(const Download& download) {
    http::Request probe;
    if (!download.conditions.if_none_match.empty())
        probe.headers = {{"If-None-Match", download.conditions.if_none_match}};
    return http::if_none_match(probe, '"' + download.hash + '"');
}

http::ByteRange range_of(const Download& download, std::uint64_t size) {
    const auto& conditions = download.conditions;
    const bool is_current = conditions.if_range.empty() || conditions.if_range == '"' + download.hash + '"';
    return is_current ? http::parse_range(conditions.range, size) : http::ByteRange();
}

http::Response range_refusal(std::uint64_t size) {
    auto response = answer(416, [](json::Writer& writer) {
        writer.begin_object()
            .name("message")
            .string("The file does not have the range that was asked for.")
            .name("code")
            .string("range_not_satisfiable")
            .end_object();
    });
    response.headers.emplace_back("Content-Range",
                                  http::content_range({.kind = http::ByteRange::Kind::unsatisfiable}, size));
    return response;
}

/// Blocks: opens the file.
http::Response download_response(AttachmentServices& services, const Download& download) {
    if (is_known(download)) return response_about(download, 304);
    auto content = services.files().open_content(download.hash);
    if (!content) {
        log::error("attachment_not_readable", {{"reason", content.error()}});
        return store_error_response(store::Error::failed);
    }
    const auto range = range_of(download, content->size_bytes);
    if (range.kind == http::ByteRange::Kind::unsatisfiable) return range_refusal(content->size_bytes);
    const bool is_part = range.kind == http::ByteRange::Kind::part;
    auto response = response_about(download, is_part ? 206 : 200);
    response.content_type = served_media_type(download.media_type);
    response.headers.emplace_back("Content-Disposition",
                                  content_disposition(is_shown_inline(download.media_type), download.name));
    if (is_part)
        response.headers.emplace_back("Content-Range", http::content_range(range, content->size_bytes));
    response.source_bytes = is_part ? range.last - range.first + 1 : content->size_bytes;
    response.source = std::make_shared<FileSource>(services.file_threads(), std::move(content->file),
                                                   is_part ? range.first : 0, response.source_bytes);
    return response;
}

void send_download(AttachmentServices& services, const Asker& asker, Download download) {
    const bool taken = services.file_threads().run([&services, asker, download = std::move(download)] {
        asker.send(download_response(services, download));
    });
    if (!taken) asker.send(store_error_response(store::Error::overloaded));
}

void download(Call& call, AttachmentServices& services, Variant variant) {
    const auto id = call.path_text("id", "Attachment");
    if (!id) return;
    call.asker().backend().store.read(
        [asker = call.asker(), id = *id, variant](store::Transaction& transaction) -> Result<Download> {
            const auto actor = asker.identify(transaction);
            if (!actor) return tl::unexpected(actor.error());
            return find_download(transaction, *actor, id, variant);
        },
        [asker = call.asker(), &services,
         conditions = conditions_of(call.request())](tl::expected<Result<Download>, store::Error> found) {
            if (!found) return asker.send(store_error_response(found.error()));
            if (!*found) return asker.send(refusal_response(found->error()));
            (*found)->conditions = conditions;
            send_download(services, asker, std::move(**found));
        });
}

/// A file of the largest size, and the form around it.
std::uint64_t body_bytes_max(AttachmentServices& services) {
    return static_cast<std::uint64_t>(services.backend().policy.get().limits.max_attachment_size) +
           form_bytes_max;
}

tl::expected<std::unique_ptr<http::BodySink>, http::Response> begin_upload(AttachmentServices& services,
                                                                           const Asker& asker,
                                                                           const http::Request& head,
                                                                           http::BodyFlow flow) {
    const auto boundary = http::multipart_boundary(head.find_header("Content-Type").value_or(""));
    if (!boundary) {
        return tl::unexpected(asker.refusal(
            {.reason = Reason::unsupported, .code = "unsupported_media_type", .message = boundary.error()}));
    }
    if (!asker.has_token()) return tl::unexpected(asker.refusal(unauthenticated().value()));
    const auto length = parse_decimal(head.find_header("Content-Length").value_or(""));
    if (length && *length > body_bytes_max(services)) return tl::unexpected(asker.refusal(file_too_large()));
    auto place = services.take_place();
    if (!place.given()) {
        return tl::unexpected(asker.refusal({.reason = Reason::unavailable,
                                             .code = "overloaded",
                                             .message = "Too many files are being uploaded; try again.",
                                             .retry_after_ms = 2'000}));
    }
    auto upload = std::make_shared<Upload>(services, std::move(place), asker, std::move(flow));
    upload->identify();
    return std::make_unique<UploadSink>(*boundary, services.backend().policy.get().limits.max_attachment_size,
                                        asker, std::move(upload));
}

}  // namespace

void add_attachments_routes(Routes& routes, AttachmentServices& services) {
    routes.add_upload("POST", "/api/chat/attachments", body_bytes_max(services),
                      [&services](const Asker& asker, const http::Request& head, http::BodyFlow flow) {
                          return begin_upload(services, asker, head, std::move(flow));
                      });
    routes.add("GET", "/api/chat/attachments/{id}",
               [&services](Call& call) { download(call, services, Variant::original); });
    routes.add("GET", "/api/chat/attachments/{id}/thumbnail",
               [&services](Call& call) { download(call, services, Variant::thumbnail); });
}

}  // namespace parley::chat
