#include "chat/company_object.hpp"

#include "chat/moment.hpp"
#include "chat/person_object.hpp"

namespace parley::chat {

void write_company(json::Writer& writer, const Company& company) {
    writer.begin_object().name("id").number(company.id).name("name").string(company.name);
    writer.name("role").string(word(company.role));
    writer.name("general_conversation_id").number(company.general_conversation_id);
    writer.name("member_count").number(company.member_count);
    writer.name("created_at").string(format_moment(company.created_at)).end_object();
}

void write_member(json::Writer& writer, const Member& member, bool online) {
    writer.begin_object();
    write_person_members(writer, member.person);
    writer.name("role").string(word(member.role)).name("online").boolean(online).name("last_seen_at");
    write_optional_moment(writer, member.last_seen_at);
    writer.name("joined_at").string(format_moment(member.joined_at)).end_object();
}

void write_invitation(json::Writer& writer, const MemberAdded& added) {
    writer.begin_object().name("email").string(added.email).name("role").string(word(added.role));
    writer.name("invited").boolean(true).end_object();
}

}  // namespace parley::chat
