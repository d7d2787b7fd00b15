#include "cli/why.hpp"

#include <cstdio>
#include <iterator>

#include <fmt/format.h>

#include "base/text.hpp"
#include "chat/moment.hpp"
#include "cli/commands.hpp"
#include "cli/exit_status.hpp"
#include "cli/operations_client.hpp"
#include "cli/printable.hpp"
#include "json/parser.hpp"
#include "pusher/refusal.hpp"

namespace parley::cli {

namespace {

constexpr std::string_view indent = "    ";
constexpr std::string_view compared_indent = "              ";

using Members = std::vector<json::Member>;

std::string text_of(const Members& members, std::string_view name) {
    const auto* const value = json::find(members, name);
    return value == nullptr ? "" : std::string(value->as_string().value_or(value->raw()));
}

/// Adds "NAME VALUE" to the list in `text`, unless there is no value.
void append_part(std::string& text, std::string_view name, const std::string& value) {
    if (value.empty()) return;
    if (!text.empty()) text += ", ";
    text.append(name).append(" ").append(printable(value));
}

/// Each line of a compared string on a line of its own.
std::string compared_lines(std::string_view compared) {
    std::string lines;
    while (true) {
        const auto end = compared.find('\n');
        lines += printable(compared.substr(0, end));
        if (end == std::string_view::npos) return lines;
        lines.append("\n").append(compared_indent);
        compared.remove_prefix(end + 1);
    }
}

std::string refusal_text(const Members& members) {
    const auto at_ms = parse_integer(text_of(members, "at_ms")).value_or(0);
    const auto status = text_of(members, "status");
    auto text = fmt::format("{}  {}  {}{}\n", chat::format_moment(at_ms), printable(text_of(members, "kind")),
                            printable(text_of(members, "code")),
                            status == "0" ? "" : fmt::format(" ({})", printable(status)));
    std::string whose;
    append_part(whose, "app", text_of(members, "app_id"));
    append_part(whose, "channel", text_of(members, "channel"));
    append_part(whose, "socket", text_of(members, "socket_id"));
    append_part(whose, "request", text_of(members, "request"));
    append_part(whose, "from", text_of(members, "peer"));
    fmt::format_to(std::back_inserter(text), "{}{}\n", indent, printable(text_of(members, "sentence")));
    if (!whose.empty()) fmt::format_to(std::back_inserter(text), "{}{}\n", indent, whose);
    if (const auto compared = text_of(members, "compared"); !compared.empty())
        fmt::format_to(std::back_inserter(text), "{}compared  {}\n", indent, compared_lines(compared));
    if (const auto cure = text_of(members, "cure"); !cure.empty())
        fmt::format_to(std::back_inserter(text), "{}hint      {}\n", indent, printable(cure));
    return text;
}

}  // namespace

tl::expected<std::string, std::string> refusals_text(std::string_view json) {
    json::Parser parser(json_depth_max);
    const auto root = parser.parse(json);
    const json::Value* list = nullptr;
    Members members;
    if (root) {
        members = parser.members(*root);
        list = json::find(members, "refusals");
    }
    if (list == nullptr || list->type() != json::Type::array)
        return tl::unexpected(std::string("The answer is no list of refusals; is that a Parley server?"));
    std::string text;
    for (const auto& entry : parser.elements(*list)) {
        if (!text.empty()) text += '\n';
        text += refusal_text(parser.members(entry));
    }
    return text.empty() ? "Nothing has been refused since the server started.\n" : text;
}

int run(const Why& command, const config::Loaded& loaded) {
    if (command.codes) {
        std::fputs(pusher::refusal_reference().c_str(), stdout);
        return success;
    }
    auto target = fmt::format("/operator/refusals?n={}", command.count);
    if (!command.app_id.empty()) target += "&app=" + command.app_id;
    const auto answer = ask_operations(loaded.settings, command.url, target);
    if (!answer) return fail(failure, printable(answer.error()));
    if (command.json) {
        fmt::print("{}\n", *answer);
        return success;
    }
    const auto text = refusals_text(*answer);
    if (!text) return fail(failure, text.error());
    std::fputs(text->c_str(), stdout);
    return success;
}

}  // namespace parley::cli
