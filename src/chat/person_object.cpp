#include "chat/person_object.hpp"

#include "chat/moment.hpp"

namespace parley::chat {

void write_optional_moment(json::Writer& writer, const std::optional<Moment>& moment) {
    if (moment) {
        writer.string(format_moment(*moment));
    } else {
        writer.null();
    }
}

namespace {

void write_avatar_url(json::Writer& writer, const Person& person) {
    writer.name("avatar_url");
    if (person.avatar_url) {
        writer.string(*person.avatar_url);
    } else {
        writer.null();
    }
}

}  // namespace

void write_person_members(json::Writer& writer, const Person& person) {
    writer.name("id").number(person.id).name("name").string(person.name).name("email").string(person.email);
    write_avatar_url(writer, person);
}

void write_person_without_email(json::Writer& writer, const Person& person) {
    writer.begin_object().name("id").number(person.id).name("name").string(person.name);
    write_avatar_url(writer, person);
    writer.end_object();
}

void write_person(json::Writer& writer, const Person& person) {
    writer.begin_object();
    write_person_members(writer, person);
    writer.end_object();
}

void write_colleague(json::Writer& writer, const Colleague& colleague, bool online) {
    writer.begin_object();
    write_person_members(writer, colleague.person);
    writer.name("online").boolean(online).name("last_seen_at");
    write_optional_moment(writer, colleague.last_seen_at);
    writer.end_object();
}

void write_user(json::Writer& writer, const User& user) {
    writer.begin_object();
    write_person_members(writer, user.person);
    writer.name("is_operator").boolean(user.is_operator);
    writer.name("may_decide_withdrawals").boolean(user.may_decide_withdrawals).name("last_seen_at");
    write_optional_moment(writer, user.last_seen_at);
    writer.name("created_at").string(format_moment(user.created_at)).end_object();
}

void write_token(json::Writer& writer, const Token& token, Id current_id) {
    writer.begin_object().name("id").number(token.id).name("device_name").string(token.device_name);
    writer.name("last_used_at");
    write_optional_moment(writer, token.last_used_at);
    writer.name("expires_at");
    write_optional_moment(writer, token.expires_at);
    writer.name("created_at").string(format_moment(token.created_at));
    writer.name("current").boolean(token.id == current_id).end_object();
}

}  // namespace parley::chat
