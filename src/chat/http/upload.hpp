#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "chat/http/attachment_services.hpp"
#include "chat/http/call.hpp"
#include "chat/http/upload_keeper.hpp"
#include "http/body_sink.hpp"

namespace parley::chat {

/// One file on its way from a connection to the disk: pieces come on the loop, wait until it is known who
/// sends them, and are written by a thread for files, one at a time. When more waits than is good, the peer
/// is not read from. Held by shared_ptr; leaves nothing behind when it goes without having been answered.
class Upload : public std::enable_shared_from_this<Upload> {
public:
    Upload(AttachmentServices& services, AttachmentServices::Place place, Asker asker, http::BodyFlow flow);

    /// Asks who uploads. Nothing is read until that is known.
    void identify();

    /// The next bytes of the file. Of the loop, as are the following.
    void add(Bytes piece);

    /// Nothing more is stored; the first refusal is what will be answered.
    void refuse(const Refusal& refusal);

    /// The body has ended; `name` is the file's, any bytes. Answers when the file is kept.
    void finish(Asker asker, std::string name);

    /// The body will not end.
    void abort();

private:
    void identified(tl::expected<Result<Actor>, store::Error> outcome);
    void refuse_locked(http::Response response);
    void schedule_locked();
    void work();
    void write(const std::vector<std::string>& pieces);
    void conclude();
    void answer_kept(ReceivedFile received);

    AttachmentServices& services_;
    const Asker asker_;  // cannot answer
    const http::BodyFlow flow_;

    std::mutex mutex_;                                // guards what follows
    std::optional<AttachmentServices::Place> place_;  // until it is refused: the rest may never come
    std::optional<Actor> actor_;
    std::optional<http::Response> refusal_;
    std::optional<Asker> answerer_;  // once the body has ended
    std::string name_;
    std::vector<std::string> pieces_;
    std::size_t waiting_bytes_ = 0;  // in pieces_
    bool paused_ = false;
    bool aborted_ = false;
    bool working_ = false;  // a thread has it, or will

    // Of whoever works.
    std::optional<TemporaryFile> file_;
    std::string head_;  // the first bytes, to tell the type by
};

}  // namespace parley::chat
