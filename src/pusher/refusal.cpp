#include "pusher/refusal.hpp"

#include "base/utf8.hpp"

namespace parley::pusher {

namespace {

/// `text` on one line.
std::string with_visible_line_ends(std::string_view text) {
    std::string line;
    for (const char c : text) {
        if (c == '\n')
            line += "\\n";
        else
            line += c;
    }
    return line;
}

const RefusalInfo& info_of(RefusalCode code) { return refusal_codes()[static_cast<std::size_t>(code)]; }

}  // namespace

std::string_view name_of(RefusalCode code) { return info_of(code).name; }

std::string_view cure_of(RefusalCode code) { return info_of(code).cure; }

std::string refusal_reference() {
    std::string table = "| code | cause | cure |\n| --- | --- | --- |\n";
    for (const auto& info : refusal_codes())
        table.append("| `")
            .append(info.name)
            .append("` | ")
            .append(info.cause)
            .append(" | ")
            .append(info.cure)
            .append(" |\n");
    return table;
}

std::string_view name_of(RefusalKind kind) {
    switch (kind) {
        case RefusalKind::connection:
            return "connection";
        case RefusalKind::subscription:
            return "subscription";
        case RefusalKind::sign_in:
            return "sign_in";
        case RefusalKind::client_event:
            return "client_event";
        case RefusalKind::message:
            return "message";
        case RefusalKind::publish:
            return "publish";
        case RefusalKind::request:
            break;
    }
    return "request";
}

std::string as_compared(std::string_view text) {
    return with_valid_utf8(truncate_utf8(text, compared_bytes_max));
}

std::string developer_text(std::string_view sentence, RefusalCode code, std::string_view compared) {
    std::string text(sentence);
    text.append(" [").append(name_of(code)).append("]");
    if (!compared.empty()) text.append(" Compared: ").append(with_visible_line_ends(compared));
    return text;
}

}  // namespace parley::pusher
