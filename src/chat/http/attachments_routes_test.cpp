#include "chat/http/attachments_routes.hpp"

#include <filesystem>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "chat/attachments.hpp"
#include "chat/http/attachments_test_support.hpp"
#include "chat/http/upload_test_pictures.hpp"
#include "chat/messages.hpp"

namespace parley::chat {
namespace {

using namespace std::string_literals;

class AttachmentUploads : public test::AttachmentConnections {
protected:
    void expect_refused(const std::string& request, int status, const std::string& what) {
        const auto answer = exchange(request);
        EXPECT_EQ(answer.status, status) << what << answer.body;
        EXPECT_NE(answer.field("message"), "") << what << answer.body;
        EXPECT_EQ(file_count(), 0U) << what;
    }
};

TEST_F(AttachmentUploads, AreAnsweredWithTheAttachment) {
    const auto answer = upload("hello", "notes.txt");
    EXPECT_EQ(answer.status, 201);
    const auto id = answer.field("id");
    EXPECT_EQ(id.size(), 36U);
    EXPECT_EQ(answer.body, R"({"id":")" + id +
                               R"(","name":"notes.txt","media_type":"text/plain","size":5,"width":null,)"
                               R"("height":null,"url":"/api/chat/attachments/)" +
                               id + R"(","thumbnail_url":null})");
    EXPECT_EQ(download(answer.field("url"), token_).body, "hello");
    EXPECT_EQ(file_count(), 1U);
}

TEST_F(AttachmentUploads, MayComeInAnyPieces) {
    const auto request =
        request_of(token_, part("name=\"note\"", "ignored") + file_part("he\r\n--lim\r\nlo") +
                               part("name=\"more\"", "ignored"));
    for (const std::size_t piece : {1, 2, 3, 7, 31, 64, 1'000}) {
        const auto answer = exchange(request, piece);
        EXPECT_EQ(answer.status, 201) << piece;
        EXPECT_EQ(download(answer.field("url"), token_).body, "he\r\n--lim\r\nlo") << piece;
    }
    EXPECT_EQ(file_count(), 1U) << "the same content is stored once";
}

TEST_F(AttachmentUploads, MayBeAsLargeAsTheLimit) {
    for (const std::int64_t size : {1LL, 65'536LL, 3'000'000LL}) {
        api_.policy.set({.limits = {.max_attachment_size = size}});
        serve();
        const std::string content(static_cast<std::size_t>(size), 'x');
        const auto answer = upload(content);
        ASSERT_EQ(answer.status, 201) << answer.body;
        EXPECT_EQ(download(answer.field("url"), token_).body, content);
        const auto files = file_count();
        const auto refused = upload(content + 'x');
        EXPECT_EQ(refused.status, 413) << size;
        EXPECT_EQ(refused.field("code"), "too_large");
        EXPECT_EQ(file_count(), files);
    }
    EXPECT_EQ(exchange(head_of_upload(token_, 4'000'000)).status, 413) << "by what it says";
}

TEST_F(AttachmentUploads, AreRefusedWithoutAToken) {
    const auto parts = file_part(std::string(200'000, 'x'));
    expect_refused(request_of("1|wrong", parts), 401, "a wrong token");
    expect_refused(
        "POST /api/chat/attachments HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n"
        "Content-Type: multipart/form-data; boundary=limit\r\n\r\n",
        401, "none");
}

TEST_F(AttachmentUploads, AreRefusedWithWhatIsWrong) {
    expect_refused(request_of(token_, file_part("")), 422, "empty");
    expect_refused(request_of(token_, part("name=\"other\"; filename=\"a\"", "x")), 422, "another field");
    expect_refused(request_of(token_, part("name=\"file\"", "x")), 422, "no file");
    expect_refused(request_of(token_, file_part("x") + file_part("y")), 422, "two files");
    expect_refused(head_of_upload(token_, 10) + "0123456789", 400, "no parts");
    const auto cut = file_part("x");
    expect_refused(head_of_upload(token_, cut.size()) + cut, 400, "no end");
    expect_refused("POST /api/chat/attachments HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token_ +
                       "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                   415, "no form");
    EXPECT_EQ(exchange(request_of(token_, file_part(""))).field("errors"),
              R"({"file":["The file field must not be empty."]})");
}

TEST_F(AttachmentUploads, AreLimitedUntilTheyAreSent) {
    api_.policy.set({.limits = {.max_unused_attachments = 1}});
    EXPECT_EQ(upload("one").status, 201);
    const auto refused = upload("two");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.field("code"), "too_many_unused_attachments");
    EXPECT_EQ(file_count(), 1U);
}

TEST_F(AttachmentUploads, HaveTheNameAndTypeThatTheyShow) {
    const auto answer = upload("<html><script>alert(1)</script>", "../../photo\xE2\x80\xAEgnp.png");
    EXPECT_EQ(answer.field("name"), "photognp.png");
    EXPECT_EQ(answer.field("media_type"), "text/html");
    EXPECT_EQ(answer.field("width"), "null");
}

TEST_F(AttachmentUploads, LeaveNothingWhenTheyAreAborted) {
    for (const std::size_t size : {100, 150'000, 2'000'000}) {
        {
            auto peer = connect();
            const auto begun = head_of_upload(token_, 5'000'000) + file_part(std::string(size, 'x'));
            std::string_view rest = begun;
            run_until([&] {
                rest.remove_prefix(peer.write(rest.substr(0, 50'000)));
                return rest.empty();
            });
        }
        EXPECT_TRUE(run_until([&] { return file_count() == 0; })) << size;
    }
    EXPECT_EQ(upload("still works").status, 201);
}

TEST_F(AttachmentUploads, OfStrangersThatNeverEndTakeNoPlace) {
    constexpr int more_than_places = 300;
    std::vector<net::test::Peer> strangers;
    for (int i = 0; i < more_than_places; ++i) {
        strangers.push_back(connect());
        strangers.back().write(head_of_upload("1|nobody", 5'000'000) + file_part("slow"));
    }
    EXPECT_TRUE(run_until([&] { return upload("of a user").status == 201; }));
}

TEST_F(AttachmentUploads, AreRefusedWhenTheDiskIs) {
    std::filesystem::remove_all(directory_);
    const auto answer = upload("hello");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.field("code"), "storage_unavailable");
    EXPECT_EQ(answer.header("Retry-After"), "10");
}

TEST_F(AttachmentUploads, GivePicturesASizeAndAThumbnail) {
    const auto answer = upload(test::black_png(1'000, 600), "black.png");
    EXPECT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(answer.field("media_type"), "image/png");
    EXPECT_EQ(answer.field("width"), "1000");
    EXPECT_EQ(answer.field("height"), "600");
    EXPECT_EQ(answer.field("thumbnail_url"), answer.field("url") + "/thumbnail");
    const auto thumbnail = download(answer.field("thumbnail_url"), token_);
    EXPECT_EQ(thumbnail.header("Content-Type"), "image/webp");
    EXPECT_EQ(thumbnail.body.substr(8, 4), "WEBP");
    EXPECT_EQ(thumbnail.body.find("EXIF"), std::string::npos);
    EXPECT_EQ(download(answer.field("thumbnail_url"), other_token_).status, 404);
    EXPECT_EQ(file_count(), 2U);
}

TEST_F(AttachmentUploads, TakeMetadataOffPictures) {
    const auto telling = test::jpeg_segment(0xE1, "Exif\0\0"s + test::telling_exif(6));
    const auto answer = upload(test::with_segments(test::small_jpeg(), telling), "a.jpg");
    EXPECT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(answer.field("width"), "8") << "as it is to be seen";
    EXPECT_EQ(answer.field("height"), "12");
    const auto stored = download(answer.field("url"), token_);
    EXPECT_EQ(stored.body.find("SECRET"), std::string::npos);
    EXPECT_EQ(stored.body.find("Nikon"), std::string::npos);
    EXPECT_NE(stored.body.find("Exif"), std::string::npos) << "which way is up";
    EXPECT_EQ(answer.field("size"), std::to_string(stored.body.size()));
}

TEST_F(AttachmentUploads, RefusePicturesThatAreTraps) {
    api_.policy.set({.limits = {.max_image_pixels = 1'000'000}});
    const auto ruin = test::black_png(300, 200);
    const std::pair<const char*, std::string> traps[] = {
        {"says it is huge", test::black_png(60'000, 60'000, 1)},
        {"is huge", test::black_png(5'000, 5'000)},
        {"is one pixel column too many", test::black_png(1'001, 1'000)},
        {"is cut short", ruin.substr(0, ruin.size() / 2)},
        {"is only a beginning", "\xFF\xD8\xFF\xE0"},
    };
    for (const auto& [what, trap] : traps) {
        const auto answer = upload(trap, "a.png");
        EXPECT_EQ(answer.status, 422) << what;
        EXPECT_EQ(answer.field("errors"), R"({"file":["The file is not a picture that can be read."]})")
            << what;
        EXPECT_EQ(file_count(), 0U) << what;
    }
    EXPECT_EQ(upload(test::black_png(1'000, 1'000)).status, 201);
}

class AttachmentDownloads : public test::AttachmentConnections {};

TEST_F(AttachmentDownloads, AreForWhoSeesTheMessage) {
    const auto uploaded = upload("hello");
    const auto url = uploaded.field("url");
    EXPECT_EQ(download(url, other_token_).status, 404);
    EXPECT_EQ(download(url, "1|wrong").status, 401);
    EXPECT_EQ(download("/api/chat/attachments/nothing", token_).status, 404);
    EXPECT_EQ(download(url + "/thumbnail", token_).status, 404);
    const auto direct = api_.world.add_direct(ali_, ben_);
    const auto sent = api_.world.change([&](Change& change) {
        return send_message(change, ali_, direct.id, {.attachment_ids = {uploaded.field("id")}});
    });
    ASSERT_TRUE(sent.has_value());
    EXPECT_EQ(download(url, other_token_).body, "hello");
}

TEST_F(AttachmentDownloads, ShowOnlyWhatIsHarmless) {
    struct Case {
        std::string content;
        const char* media_type;
        const char* disposition;
    };
    const Case cases[] = {
        {test::black_png(3, 2), "image/png", "inline; filename=\"a\""},
        {"plain", "text/plain; charset=utf-8", "attachment; filename=\"a\""},
        {"<html>", "application/octet-stream", "attachment; filename=\"a\""},
        {"<svg onload=alert(1)>", "application/octet-stream", "attachment; filename=\"a\""},
        {"%PDF-1.4", "application/pdf", "attachment; filename=\"a\""},
    };
    for (const auto& [content, media_type, disposition] : cases) {
        const auto answer = download(upload(content, "a").field("url"), token_);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, content);
        EXPECT_EQ(answer.header("Content-Type"), media_type);
        EXPECT_EQ(answer.header("Content-Disposition"), disposition);
        EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(answer.header("Content-Security-Policy"), "default-src 'none'; sandbox");
        EXPECT_EQ(answer.header("Cache-Control"), "private, max-age=31536000, immutable");
    }
}

TEST_F(AttachmentDownloads, GiveRanges) {
    const auto url = upload("0123456789").field("url");
    const auto etag = download(url, token_).header("ETag");
    struct Case {
        std::string fields;
        int status;
        const char* body;
        const char* range;
    };
    const Case cases[] = {
        {"Range: bytes=2-4\r\n", 206, "234", "bytes 2-4/10"},
        {"Range: bytes=-3\r\n", 206, "789", "bytes 7-9/10"},
        {"Range: bytes=9-\r\n", 206, "9", "bytes 9-9/10"},
        {"Range: bytes=0-99\r\n", 206, "0123456789", "bytes 0-9/10"},
        {"Range: bytes=0-1,3-4\r\n", 200, "0123456789", ""},
        {"Range: bytes=1-2\r\nIf-Range: " + etag + "\r\n", 206, "12", "bytes 1-2/10"},
        {"Range: bytes=1-2\r\nIf-Range: \"old\"\r\n", 200, "0123456789", ""},
    };
    for (const auto& [fields, status, body, range] : cases) {
        const auto answer = download(url, token_, fields);
        EXPECT_EQ(answer.status, status) << fields;
        EXPECT_EQ(answer.body, body) << fields;
        EXPECT_EQ(answer.header("Content-Range"), range) << fields;
    }
    const auto refused = download(url, token_, "Range: bytes=10-\r\n");
    EXPECT_EQ(refused.status, 416);
    EXPECT_EQ(refused.header("Content-Range"), "bytes */10");
    EXPECT_EQ(refused.field("code"), "range_not_satisfiable");
}

TEST_F(AttachmentDownloads, AnswerWhatIsKnownAndWhatIsOnlyAskedAbout) {
    const auto url = upload("0123456789").field("url");
    const auto head = download(url, token_, "Range: bytes=1-2\r\n", "HEAD");
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.body, "");
    EXPECT_EQ(head.header("Content-Length"), "10");
    EXPECT_EQ(head.header("Accept-Ranges"), "bytes");
    const auto known = download(url, token_, "If-None-Match: " + head.header("ETag") + "\r\n");
    EXPECT_EQ(known.status, 304);
    EXPECT_EQ(known.body, "");
    EXPECT_EQ(download(url, other_token_, "If-None-Match: *\r\n").status, 404);
}

TEST_F(AttachmentDownloads, FailOpenlyWhenTheFileIsGone) {
    const auto url = upload("hello").field("url");
    std::filesystem::remove_all(directory_);
    EXPECT_EQ(download(url, token_).status, 500);
}

TEST_F(AttachmentDownloads, ShareContentsUntilTheLastIsRemoved) {
    upload("same");
    const auto again = exchange(request_of(other_token_, file_part("same")));
    EXPECT_EQ(file_count(), 1U);
    api_.world.now = api_.clock.unix_ms() + 86'400'000;
    for (const std::size_t left : {1U, 0U}) {
        const auto removed =
            api_.world.change([](Change& change) { return remove_unused_attachments(change, 1); });
        ASSERT_EQ(removed.hashes.size(), 1U);
        services_->remove_unused(removed.hashes);
        EXPECT_EQ(file_count(), left);
    }
    EXPECT_EQ(download(again.field("url"), other_token_).status, 404);
}

TEST_F(AttachmentDownloads, AreFreedOfWhatACrashLeft) {
    upload("used");
    std::string hash;
    {
        auto file = services_->files().new_file().value();
        ASSERT_TRUE(file.write(as_bytes("left behind")).has_value());
        hash = services_->files().keep(std::move(file)).value().hash;
    }
    const auto folder = static_cast<std::uint8_t>(std::stoul(hash.substr(0, 2), nullptr, 16));
    services_->remove_unused(services_->files().contents_of_folder(folder));
    EXPECT_EQ(file_count(), 1U);
}

}  // namespace
}  // namespace parley::chat
