#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "chat/http/upload.hpp"
#include "chat/refusal.hpp"
#include "http/body_sink.hpp"
#include "http/multipart_reader.hpp"

namespace parley::chat {

/// Reads the multipart body of an upload on the loop and hands the content of its field `file` on; other
/// fields are ignored.
class UploadSink final : public http::BodySink, private http::MultipartHandler {
public:
    /// `boundary` as http::multipart_boundary gives it. A file of more than `size_max` bytes is refused.
    UploadSink(std::string_view boundary, std::int64_t size_max, Asker asker, std::shared_ptr<Upload> upload);

    void on_body(Bytes piece) override;
    void on_body_end(http::Responder responder) override;
    void on_aborted() override { upload_->abort(); }

private:
    void on_part(const http::MultipartPart& part) override;
    void on_part_data(Bytes piece) override;
    void on_part_end() override { in_file_ = false; }
    void on_parts_end() override {}
    void refuse_unreadable(std::string message);

    http::MultipartReader reader_;
    const std::int64_t size_max_;
    const Asker asker_;
    const std::shared_ptr<Upload> upload_;
    bool broken_ = false;
    bool in_file_ = false;
    bool has_file_ = false;
    std::string name_;  // of the file, as sent
    std::int64_t size_ = 0;
};

/// 413, before or after the file has come.
[[nodiscard]] Refusal file_too_large();

}  // namespace parley::chat
