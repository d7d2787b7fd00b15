#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "chat/http/attachments_routes.hpp"
#include "chat/http/test_support.hpp"
#include "http/connection_test_support.hpp"
#include "store/temporary_folder.hpp"

namespace parley::chat::test {

/// An answer as it comes from a connection.
struct HttpAnswer {
    int status = 0;
    std::string head = {};
    std::string body = {};

    /// A member of the answered object: see Answer.
    [[nodiscard]] std::string field(std::string_view name) const { return Answer{.body = body}.field(name); }

    [[nodiscard]] std::string header(const std::string& name) const {
        const auto begin = head.find("\r\n" + name + ": ");
        if (begin == std::string::npos) return {};
        const auto value = begin + name.size() + 4;
        return head.substr(value, head.find("\r\n", value) - value);
    }
};

/// The routes of attachments behind connections, with a directory of their own.
class AttachmentConnections : public http::test::RoutedConnection {
protected:
    AttachmentConnections() { serve(); }
    ~AttachmentConnections() override {
        for (const auto& services : all_services_) services->stop();
    }

    /// Begins to serve with what was changed in the policy.
    void serve() {
        services_ = all_services_
                        .emplace_back(std::make_unique<AttachmentServices>(
                            api_.backend, AttachmentServices::Options{.thumbnail_program = PARLEY_THUMBNAIL},
                            FileStore::open(directory_).value()))
                        .get();
        service_.router = http::Router();
        add_attachments_routes(routes_, *services_);
    }

    /// Sends all of it, in pieces of `piece` bytes, and reads one answer.
    HttpAnswer exchange(net::test::Peer& peer, std::string_view bytes, std::size_t piece = 100'000) {
        bool head_only = bytes.starts_with("HEAD");
        std::string got;
        const auto is_whole = [&] {
            const auto end = got.find("\r\n\r\n");
            if (end == std::string::npos) return false;
            const HttpAnswer answer{.head = got.substr(0, end + 2)};
            const auto size = parse_decimal(answer.header("Content-Length")).value_or(0);
            return head_only || got.size() - end - 4 >= size;
        };
        const auto done = run_until([&] {
            const auto written = peer.write(bytes.substr(0, piece));
            bytes.remove_prefix(written);
            got += peer.read();
            return is_whole();
        });
        if (!done) throw std::runtime_error("no answer: " + got);
        const auto end = got.find("\r\n\r\n");
        return {.status = std::stoi(got.substr(9, 3)),
                .head = got.substr(0, end + 2),
                .body = got.substr(end + 4)};
    }
    HttpAnswer exchange(std::string_view bytes, std::size_t piece = 100'000) {
        auto peer = connect();
        return exchange(peer, bytes, piece);
    }

    static std::string part(const std::string& head, const std::string& content) {
        return "--limit\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + content + "\r\n";
    }
    static std::string file_part(const std::string& content, const std::string& name = "a.txt") {
        return part("name=\"file\"; filename=\"" + name + '"', content);
    }
    static std::string head_of_upload(const std::string& token, std::size_t size) {
        return "POST /api/chat/attachments HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token +
               "\r\nContent-Type: multipart/form-data; boundary=limit\r\nContent-Length: " +
               std::to_string(size) + "\r\n\r\n";
    }
    static std::string request_of(const std::string& token, const std::string& parts) {
        const auto body = parts + "--limit--\r\n";
        return head_of_upload(token, body.size()) + body;
    }

    HttpAnswer upload(const std::string& content, const std::string& name = "a.txt") {
        return exchange(request_of(token_, file_part(content, name)));
    }
    HttpAnswer download(const std::string& url, const std::string& token, const std::string& fields = "",
                        const std::string& method = "GET") {
        return exchange(method + ' ' + url + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token +
                        "\r\n" + fields + "\r\n");
    }

    /// How many files there are below the directory.
    [[nodiscard]] std::size_t file_count() const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_))
            count += entry.is_regular_file() ? 1 : 0;
        return count;
    }

    std::vector<std::unique_ptr<AttachmentServices>> all_services_;  // outlive the store
    Api api_{store::Dialect::sqlite};
    store::test::TemporaryFolder folder_;
    const std::string directory_ = folder_.path() / "files";
    AttachmentServices* services_ = nullptr;
    Routes routes_{service_.router, api_.backend, api_.parser};
    Actor ali_ = api_.world.add_user("Ali");
    Actor ben_ = api_.world.add_user("Ben");
    std::string token_ = api_.token_of(ali_);
    std::string other_token_ = api_.token_of(ben_);
};

}  // namespace parley::chat::test
