#include "chat/http/upload_sink.hpp"

#include <utility>

namespace parley::chat {

namespace {

constexpr std::string_view field = "file";

}  // namespace

UploadSink::UploadSink(std::string_view boundary, std::int64_t size_max, Asker asker,
                       std::shared_ptr<Upload> upload)
    : reader_(boundary, *this), size_max_(size_max), asker_(std::move(asker)), upload_(std::move(upload)) {}

void UploadSink::on_body(Bytes piece) {
    if (broken_) return;
    if (auto read = reader_.feed(piece); !read) refuse_unreadable(std::move(read.error()));
}

void UploadSink::on_body_end(http::Responder responder) {
    if (!broken_ && !reader_.done()) refuse_unreadable("The body ends before its last part.");
    if (!has_file_) upload_->refuse(invalid(std::string(field), "The file field is required.").value());
    // The answer may be the end of this sink.
    const auto upload = upload_;
    upload->finish(asker_.with(std::move(responder)), std::move(name_));
}

void UploadSink::on_part(const http::MultipartPart& part) {
    if (part.name != field) return;
    if (!part.filename)
        return upload_->refuse(invalid(std::string(field), "The file field must be a file.").value());
    if (has_file_)
        return upload_->refuse(invalid(std::string(field), "The file field must be one file.").value());
    has_file_ = true;
    in_file_ = true;
    name_ = *part.filename;
}

void UploadSink::on_part_data(Bytes piece) {
    if (!in_file_) return;
    size_ += static_cast<std::int64_t>(piece.size());
    if (size_ <= size_max_) return upload_->add(piece);
    in_file_ = false;
    upload_->refuse(file_too_large());
}

void UploadSink::refuse_unreadable(std::string message) {
    broken_ = true;
    upload_->refuse({.reason = Reason::unreadable, .code = "unreadable", .message = std::move(message)});
}

Refusal file_too_large() {
    return {.reason = Reason::too_large,
            .code = "too_large",
            .message = "The file is larger than limits.max_attachment_size allows."};
}

}  // namespace parley::chat
