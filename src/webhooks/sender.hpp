#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "webhooks/post.hpp"

namespace parley::webhooks {

/// What came of sending one post.
struct Answer {
    int status = 0;          // of HTTP; 0: none came
    std::string error = {};  // a sentence, why it is a failure; empty: 2xx
    std::int64_t duration_ms = 0;
};

enum class Addresses : bool { all, only_public };

/// Sends posts by HTTP and HTTPS, many at the same time, over connections that are kept. Certificates are
/// verified, redirects are not followed, a proxy of the environment is not used, what the peer answers beyond
/// its status is thrown away. One thread, but for `wake`.
class Sender {
public:
    struct Options {
        std::int64_t timeout_ms = 10'000;  // for the whole of one post
        std::size_t connections_max = 64;  // those kept included
        Addresses addresses = Addresses::all;
        std::string ca_file = {};  // certificates in PEM; empty: the system's
    };

    explicit Sender(const Options& options);

    /// Breaks off what is on its way; of that nobody is told.
    ~Sender();
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    /// Goes by `options` with what is sent from now on.
    void set_options(const Options& options);

    using Done = std::function<void(const Answer&)>;

    /// Begins to send. `done` is called once, in `work`, or at once when nothing can be sent at all.
    void send(Post post, Done done);

    /// Waits for up to `wait_ms`, or until something happens or `wake` is called, and goes on with what is on
    /// its way.
    void work(int wait_ms);

    /// Ends a `work` that waits, or the next one at once. Any thread.
    void wake();

    /// How many posts are on their way.
    [[nodiscard]] std::size_t running() const;

private:
    struct Transfer;
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace parley::webhooks
