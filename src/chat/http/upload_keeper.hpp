#pragma once

#include <string>

#include <tl/expected.hpp>

#include "chat/http/attachment_services.hpp"
#include "chat/model.hpp"
#include "http/response.hpp"

namespace parley::chat {

/// A file that has come whole.
struct ReceivedFile {
    TemporaryFile file;
    std::string name = {};        // as its uploader calls it, any bytes
    std::string media_type = {};  // as it was sniffed
};

/// Makes an attachment of a file: takes its metadata off, has a picture measured and its thumbnail made,
/// stores the contents and then the row that refers to them. Nothing stays behind when that fails; the error
/// is what the uploader is answered. Blocks, up to the thumbnailer's deadline.
[[nodiscard]] tl::expected<Attachment, http::Response> keep_upload(AttachmentServices& services,
                                                                   const Actor& actor, ReceivedFile received);

/// The answer when files cannot be written; logs `reason`.
[[nodiscard]] http::Response storage_error_response(const std::string& reason);

}  // namespace parley::chat
