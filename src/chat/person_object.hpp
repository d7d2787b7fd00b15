#pragma once

#include <optional>

#include "chat/accounts.hpp"
#include "chat/model.hpp"
#include "chat/people.hpp"
#include "chat/tokens.hpp"
#include "json/writer.hpp"

namespace parley::chat {

/// `{"id", "name", "email", "avatar_url"}`: the sender of a message, and everywhere else a person is named.
void write_person(json::Writer& writer, const Person& person);

/// `{"id", "name", "avatar_url"}`: a person to those who are not to see the address.
void write_person_without_email(json::Writer& writer, const Person& person);

/// The members of a person with the address alone, into one that is open.
void write_person_members(json::Writer& writer, const Person& person);

/// A person with `last_seen_at` and `online`.
void write_colleague(json::Writer& writer, const Colleague& colleague, bool online);

/// A person with `is_operator`, `may_decide_withdrawals`, `last_seen_at` and `created_at`: oneself.
void write_user(json::Writer& writer, const User& user);

/// `{"id", "device_name", "last_used_at", "expires_at", "created_at", "current"}`; `current`: the one in use.
void write_token(json::Writer& writer, const Token& token, Id current_id);

/// A moment, or null.
void write_optional_moment(json::Writer& writer, const std::optional<Moment>& moment);

}  // namespace parley::chat
