#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/attributes.hpp"
#include "api/publish_request.hpp"
#include "hub/directory.hpp"

// The bodies of the answers (channels HTTP API). Always objects, counts always of the channel's kind.
namespace parley::api {

/// Whether the users of a presence channel are listed with what is known of them.
enum class UserInfo : std::uint8_t { left_out, included };

/// To `POST events`: `{}`, or what was asked for of each channel.
[[nodiscard]] std::string publish_answer(const hub::Directory& directory, const hub::App& app,
                                         const PublishRequest& event);

/// What an event of a batch is answered: one on one channel has its attributes there; one on several has
/// `channels` as in `publish_answer`.
[[nodiscard]] std::string event_of_batch_answer(const hub::Directory& directory, const hub::App& app,
                                                const PublishRequest& event);

/// To `POST batch_events`: `{}` when no event asks for anything, otherwise the array of the events' answers.
[[nodiscard]] std::string batch_answer(std::span<const PublishRequest> events,
                                       std::span<const std::string> answers);

/// To `GET channels`.
[[nodiscard]] std::string channels_answer(std::span<const hub::OccupiedChannel> channels, Attributes info);

/// To `GET channels/CHANNEL`: the counts, and what is remembered of it if `info` asks for that.
[[nodiscard]] std::string channel_answer(const hub::Directory& directory, const hub::App& app,
                                         std::string_view channel, Attributes info);

/// To `GET channels/CHANNEL/users`.
[[nodiscard]] std::string users_answer(std::span<const hub::PresentUser> users, UserInfo info);

}  // namespace parley::api
