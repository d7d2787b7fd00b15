#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace parley::webhooks::test {

/// A server of HTTP for tests, on a thread of its own: gives every request the same answer, one connection
/// after the other. A connection ends with its first answer, or when the peer ends it.
class HttpStub {
public:
    /// `answer`: the whole of it, status line and headers included.
    enum class Connections : bool { end, stay };

    explicit HttpStub(
        std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        Connections connections = Connections::end)
        : answer_(std::move(answer)),
          connections_(connections),
          listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (bind(listener_, generic, size) != 0 || listen(listener_, 64) != 0 ||
            getsockname(listener_, generic, &size) != 0)
            std::abort();
        url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/hooks";
        thread_ = std::thread([this] { serve(); });
    }

    ~HttpStub() {
        shutdown(listener_, SHUT_RDWR);
        thread_.join();
        close(listener_);
    }
    HttpStub(const HttpStub&) = delete;
    HttpStub& operator=(const HttpStub&) = delete;

    [[nodiscard]] const std::string& url() const { return url_; }

    /// The first `count` requests, heads and bodies; fewer only after a time in which they should long have
    /// come.
    std::vector<std::string> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return requests_.size() >= count; });
        return requests_;
    }

private:
    void serve() {
        for (;;) {
            const int peer = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (peer < 0) return;
            do answer(peer, read_request(peer));
            while (connections_ == Connections::stay && !has_ended(peer));
            close(peer);
        }
    }

    void answer(int peer, std::string request) {
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(std::move(request));
            changed_.notify_all();
        }
        std::string_view rest = answer_;
        while (!rest.empty()) {
            const auto sent = send(peer, rest.data(), rest.size(), MSG_NOSIGNAL);
            if (sent <= 0) break;
            rest.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    /// Waits until it has, or sends again.
    static bool has_ended(int peer) {
        char byte = 0;
        return recv(peer, &byte, 1, MSG_PEEK) <= 0;
    }

    /// All that comes until the body is as long as its head says.
    static std::string read_request(int peer) {
        std::string text;
        char bytes[4'096];
        for (;;) {
            const auto count = recv(peer, bytes, sizeof bytes, 0);
            if (count <= 0) return text;
            text.append(bytes, static_cast<std::size_t>(count));
            const auto head_end = text.find("\r\n\r\n");
            const auto length = text.find("Content-Length: ");
            if (head_end == std::string::npos || length == std::string::npos) continue;
            if (text.size() >= head_end + 4 + std::stoul(text.substr(length + 16))) return text;
        }
    }

    std::string answer_;
    Connections connections_;
    int listener_;
    std::string url_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

}  // namespace parley::webhooks::test
