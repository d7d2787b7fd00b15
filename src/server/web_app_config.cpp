#include "server/web_app_config.hpp"

#include <string_view>
#include <utility>

#include "chat/demo_data.hpp"
#include "chat/model.hpp"
#include "config/apps.hpp"
#include "config/setting_table.hpp"
#include "json/writer.hpp"

namespace parley::server {

namespace {

void write_limits(json::Writer& writer, const Limits& limits) {
    const std::pair<std::string_view, std::int64_t> members[] = {
        {"message_length", limits.max_message_length},
        {"attachment_bytes", limits.max_attachment_size},
        {"attachments_per_message", limits.max_attachments_per_message},
        {"attachment_name_bytes", limits.max_attachment_name_length},
        {"image_pixels", limits.max_image_pixels},
        {"group_title_length", limits.max_title_length},
        {"group_participants", limits.max_group_participants},
        {"name_length", limits.max_name_length},
        {"email_bytes", limits.max_email_length},
        {"password_length_min", limits.min_password_length},
        {"password_bytes", limits.max_password_length},
        {"reactions_per_message", limits.max_reactions_per_message},
        {"search_length", limits.max_search_length},
        {"campaign_members", limits.max_campaign_members},
        {"page_size", limits.max_page_size},
    };
    writer.begin_object();
    for (const auto& [name, value] : members) writer.name(name).number(value);
    writer.end_object();
}

void write_demo(json::Writer& writer) {
    writer.begin_object().name("password").string(chat::demo_password).name("people").begin_array();
    for (const auto& person : chat::demo_people())
        writer.begin_object()
            .name("name")
            .string(person.name)
            .name("email")
            .string(person.email)
            .end_object();
    writer.end_array().end_object();
}

}  // namespace

std::string web_app_config(const config::Settings& settings) {
    std::string text;
    json::Writer writer(text);
    writer.begin_object().name("version").string(PARLEY_VERSION);
    writer.name("app").begin_object();
    writer.name("key")
        .string(config::main_app(settings).key)
        .name("path_prefix")
        .string(settings.path_prefix)
        .end_object();
    writer.name("registration").string(config::find_setting("chat.registration")->read(settings));
    writer.name("event_namespace").string(settings.chat.event_namespace);
    writer.name("contracts").begin_array();
    for (const auto& contract : settings.chat.contracts) writer.string(contract);
    writer.end_array();
    writer.name("home_company_id").number(chat::home_company_id);
    writer.name("money").begin_object();
    writer.name("currency").string(settings.money.currency);
    writer.name("self_deposit").boolean(settings.money.self_deposit);
    writer.name("max_amount").number(settings.limits.max_amount).end_object();
    writer.name("limits");
    write_limits(writer, settings.limits);
    writer.name("demo");
    if (settings.demo) {
        write_demo(writer);
    } else {
        writer.null();
    }
    writer.end_object();
    return text;
}

}  // namespace parley::server
