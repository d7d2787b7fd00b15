#include "config/webhook_fields.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "config/field_names.hpp"
#include "config/nearest_name.hpp"

namespace parley::config {

namespace {

constexpr std::array<std::string_view, 7> event_types = {
    "channel_occupied", "channel_vacated", "member_added",      "member_removed",
    "client_event",     "cache_miss",      "subscription_count"};

constexpr std::string_view url_rule = "an http or https URL such as https://example.com/webhooks";

bool is_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// Whether something can be sent to `url`: scheme and host are there, and nothing that must be escaped.
bool is_url(std::string_view url) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (to_lower_ascii(url.substr(0, scheme.size())) != scheme) continue;
        auto authority = url.substr(scheme.size());
        authority = authority.substr(0, authority.find_first_of("/?#"));
        const auto host = authority.substr(authority.find('@') + 1);
        return !host.empty() && !host.starts_with(':') && is_printable(url);
    }
    return false;
}

/// A token of HTTP (RFC 9110, section 5.6.2).
bool is_header_name(std::string_view name) {
    static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        const char lower = to_lower_ascii(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    });
}

bool is_header_value(std::string_view value) {
    return std::none_of(value.begin(), value.end(),
                        [](char c) { return (c >= '\0' && c < ' ' && c != '\t') || c == '\x7f'; });
}

/// Reads one webhook.
class WebhookReader {
public:
    WebhookReader(Webhook& webhook, FieldReport& report) : webhook_(webhook), report_(report) {}

    void read(const Tree& table) {
        for (const auto& field : table.children)
            if (field.kind != Tree::Kind::null) read_field(to_snake_case(field.name), field);
        if (webhook_.url.empty() && !url_refused_)
            report_.refuse_because(table, "has no url", fmt::format("it must have one, {}.", url_rule));
    }

private:
    void read_field(std::string_view name, const Tree& value) {
        static const std::vector<std::string> known = {"url", "event_types", "headers", "filter"};
        if (name == "url") return read_url(value);
        if (name == "event_types") return read_event_types(value);
        if (name == "headers") return read_headers(value);
        if (name == "filter") return read_filter(value);
        if (name == "lambda_function" || name == "lambda") return refuse_function(value);
        report_.report_unknown(value, known);
    }

    void refuse_function(const Tree& value) {
        url_refused_ = true;
        report_.refuse_because(value, "is not supported",
                               "give a url instead, behind which the function is called over HTTPS.");
    }

    void read_url(const Tree& value) {
        url_refused_ = value.kind != Tree::Kind::text || !is_url(value.text);
        if (url_refused_) return report_.refuse(value, url_rule, true);
        webhook_.url = value.text;
    }

    void read_event_types(const Tree& value) {
        if (value.kind != Tree::Kind::list) return report_.refuse(value, "a list of kinds of events");
        if (value.children.empty())
            return report_.refuse_because(value, "is an empty list", "leave it out for all kinds.");
        static const std::vector<std::string> known(event_types.begin(), event_types.end());
        for (const auto& type : value.children) {
            if (std::ranges::find(known, type.text) != known.end()) {
                webhook_.event_types.push_back(type.text);
            } else {
                report_.refuse_because(
                    type, fmt::format("'{}' is no kind of event", type.text),
                    fmt::format("the kinds are {}{}", fmt::join(known, ", "), suggestion(type.text, known)));
            }
        }
    }

    void read_headers(const Tree& value) {
        const bool empty_list = value.kind == Tree::Kind::list && value.children.empty();
        if (value.kind != Tree::Kind::table && !empty_list)
            return report_.refuse(value, "a table of texts, one for each header");
        for (const auto& header : value.children) {
            if (!is_header_name(header.name) || header.kind != Tree::Kind::text ||
                !is_header_value(header.text)) {
                report_.refuse(header, "a header of HTTP: a token, and a text without line breaks", true);
            } else {
                webhook_.headers.emplace_back(header.name, header.text);
            }
        }
    }

    void read_filter(const Tree& value) {
        if (value.kind != Tree::Kind::table) return report_.refuse(value, "a table");
        static const std::vector<std::string> known = {"channel_name_starts_with", "channel_name_ends_with"};
        for (const auto& part : value.children) {
            const auto name = to_snake_case(part.name);
            if (part.kind == Tree::Kind::null) continue;
            const bool prefix = name == known[0] || name == "channel_prefix";
            if (!prefix && name != known[1] && name != "channel_suffix") {
                report_.report_unknown(part, known);
            } else if (part.kind != Tree::Kind::text) {
                report_.refuse(part, "a text");
            } else {
                (prefix ? webhook_.channel_name_starts_with : webhook_.channel_name_ends_with) = part.text;
            }
        }
    }

    Webhook& webhook_;
    FieldReport& report_;
    bool url_refused_ = false;
};

void append_text(std::string& json, std::string_view name, std::string_view text) {
    append_json_string(json, name);
    json += ':';
    append_json_string(json, text);
}

std::string filter_json(const Webhook& webhook) {
    std::string json = "{";
    if (!webhook.channel_name_starts_with.empty())
        append_text(json, "channel_name_starts_with", webhook.channel_name_starts_with);
    if (!webhook.channel_name_ends_with.empty()) {
        if (json.size() > 1) json += ',';
        append_text(json, "channel_name_ends_with", webhook.channel_name_ends_with);
    }
    return json + '}';
}

std::string webhook_json(const Webhook& webhook) {
    std::string json = "{";
    append_text(json, "url", webhook.url);
    if (!webhook.event_types.empty()) {
        json += ",\"event_types\":[";
        for (std::size_t i = 0; i < webhook.event_types.size(); ++i) {
            if (i > 0) json += ',';
            append_json_string(json, webhook.event_types[i]);
        }
        json += ']';
    }
    if (!webhook.headers.empty()) {
        json += ",\"headers\":{";
        for (std::size_t i = 0; i < webhook.headers.size(); ++i) {
            if (i > 0) json += ',';
            append_text(json, webhook.headers[i].first, webhook.headers[i].second);
        }
        json += '}';
    }
    if (const auto filter = filter_json(webhook); filter != "{}") json += ",\"filter\":" + filter;
    return json + '}';
}

}  // namespace

bool read_webhooks(const Tree& list, std::vector<Webhook>& webhooks, FieldReport& report) {
    if (list.kind != Tree::Kind::list) return false;
    webhooks.clear();
    for (const auto& element : list.children) {
        if (element.kind != Tree::Kind::table) return false;
        WebhookReader(webhooks.emplace_back(), report).read(element);
    }
    return true;
}

std::string webhooks_json(const std::vector<Webhook>& webhooks) {
    std::string json = "[";
    for (const auto& webhook : webhooks) {
        if (json.size() > 1) json += ',';
        json += webhook_json(webhook);
    }
    return json + ']';
}

}  // namespace parley::config
