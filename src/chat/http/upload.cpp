#include "chat/http/upload.hpp"

#include <algorithm>
#include <utility>

#include "chat/attachments.hpp"
#include "chat/http/media_type.hpp"
#include "chat/message_object.hpp"

namespace parley::chat {

namespace {

constexpr std::size_t waiting_bytes_max = 1'048'576;
constexpr std::int64_t overload_retry_after_ms = 2'000;

http::Response overload_response() {
    return refusal_response({.reason = Reason::unavailable,
                             .code = "overloaded",
                             .message = "Too many files wait to be stored; try again.",
                             .retry_after_ms = overload_retry_after_ms});
}

}  // namespace

Upload::Upload(AttachmentServices& services, AttachmentServices::Place place, Asker asker,
               http::BodyFlow flow)
    : services_(services), asker_(std::move(asker)), flow_(std::move(flow)), place_(std::move(place)) {}

void Upload::identify() {
    paused_ = true;
    flow_.pause();
    const auto& backend = services_.backend();
    backend.store.read(
        [asker = asker_, &backend](store::Transaction& transaction) -> Result<Actor> {
            auto actor = asker.identify(transaction);
            if (!actor) return actor;
            const auto allowed =
                check_upload(transaction, backend.policy.get(), backend.clock.unix_ms(), actor->user_id);
            if (!allowed) return tl::unexpected(allowed.error());
            return actor;
        },
        [self = shared_from_this()](auto outcome) { self->identified(std::move(outcome)); });
}

void Upload::identified(tl::expected<Result<Actor>, store::Error> outcome) {
    const std::lock_guard lock(mutex_);
    if (!outcome) {
        refuse_locked(store_error_response(outcome.error()));
    } else if (!*outcome) {
        refuse_locked(refusal_response(outcome->error()));
    } else {
        actor_ = std::move(**outcome);
    }
    paused_ = false;
    flow_.resume();
    schedule_locked();
}

void Upload::add(Bytes piece) {
    const std::lock_guard lock(mutex_);
    if (refusal_) return;
    pieces_.emplace_back(as_text(piece));
    waiting_bytes_ += piece.size();
    if (waiting_bytes_ > waiting_bytes_max && !paused_) {
        paused_ = true;
        flow_.pause();
    }
    schedule_locked();
}

void Upload::refuse(const Refusal& refusal) {
    const std::lock_guard lock(mutex_);
    refuse_locked(refusal_response(refusal));
}

void Upload::refuse_locked(http::Response response) {
    if (!refusal_) refusal_ = std::move(response);
    place_.reset();
    pieces_.clear();
    waiting_bytes_ = 0;
}

void Upload::finish(Asker asker, std::string name) {
    const std::lock_guard lock(mutex_);
    answerer_ = std::move(asker);
    name_ = std::move(name);
    schedule_locked();
}

void Upload::abort() {
    const std::lock_guard lock(mutex_);
    aborted_ = true;
    pieces_.clear();
}

/// Sees to it that somebody does what there is to do.
void Upload::schedule_locked() {
    if (working_ || aborted_) return;
    if (!refusal_) {
        const bool has_work = actor_ && (!pieces_.empty() || answerer_);
        if (!has_work) return;
        working_ = services_.file_threads().run([self = shared_from_this()] { self->work(); });
        if (working_) return;
        refuse_locked(overload_response());
    }
    if (answerer_) answerer_->send(*refusal_);
}

void Upload::work() {
    for (;;) {
        std::vector<std::string> pieces;
        {
            const std::lock_guard lock(mutex_);
            pieces.swap(pieces_);
            waiting_bytes_ = 0;
            if (std::exchange(paused_, false)) flow_.resume();
            if (pieces.empty() || aborted_) {
                if (answerer_ && !aborted_) break;
                if (aborted_ || refusal_) file_.reset();
                working_ = false;
                return;
            }
        }
        write(pieces);
    }
    conclude();
}

void Upload::write(const std::vector<std::string>& pieces) {
    FileResult<void> written;
    if (!file_) {
        auto file = services_.files().new_file();
        if (file) {
            file_ = std::move(*file);
        } else {
            written = tl::unexpected(file.error());
        }
    }
    for (const auto& piece : pieces) {
        if (!written) break;
        head_ += piece.substr(0, sniffed_bytes - std::min(sniffed_bytes, head_.size()));
        written = file_->write(as_bytes(piece));
    }
    if (written) return;
    auto response = storage_error_response(written.error());
    const std::lock_guard lock(mutex_);
    refuse_locked(std::move(response));
}

/// Nobody else touches it from here on: the body has ended, and everything of it is written.
void Upload::conclude() {
    if (refusal_) {
        file_.reset();
        return answerer_->send(*refusal_);
    }
    if (!file_) {
        return answerer_->send(
            refusal_response(invalid("file", "The file field must not be empty.").value()));
    }
    ReceivedFile received{.file = std::exchange(file_, std::nullopt).value(),
                          .name = std::move(name_),
                          .media_type = std::string(sniff_media_type(as_bytes(head_)))};
    if (!is_picture(received.media_type)) return answer_kept(std::move(received));
    // Shared, since a task can be copied.
    auto shared = std::make_shared<ReceivedFile>(std::move(received));
    const bool waits = services_.picture_threads().run(
        [self = shared_from_this(), shared] { self->answer_kept(std::move(*shared)); });
    if (!waits) answerer_->send(overload_response());
}

void Upload::answer_kept(ReceivedFile received) {
    auto kept = keep_upload(services_, *actor_, std::move(received));
    if (!kept) return answerer_->send(std::move(kept.error()));
    answerer_->send(answer(201, [&](json::Writer& writer) { write_attachment(writer, *kept); }));
}

}  // namespace parley::chat
