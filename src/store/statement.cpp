#include "store/statement.hpp"

#include <atomic>

#include "base/check.hpp"

namespace parley::store {
namespace {

std::size_t next_index() {
    static std::atomic<std::size_t> count{0};
    return count.fetch_add(1, std::memory_order_relaxed);
}

bool part_of_word(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

std::string list(Dialect dialect, std::string_view placeholder) {
    const std::string name(placeholder);
    if (dialect == Dialect::sqlite) return "(SELECT value FROM json_each(" + name + "))";
    return "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(" + name + " AS json)))";
}

std::string expand_lists(Dialect dialect, std::string_view text) {
    constexpr std::string_view opening = "LIST($";
    std::string expanded;
    std::size_t copied = 0;
    for (auto at = text.find(opening); at != std::string_view::npos; at = text.find(opening, at + 1)) {
        if (at > 0 && part_of_word(text[at - 1])) continue;
        const auto placeholder = at + opening.size() - 1;
        const auto end = text.find_first_not_of("0123456789", placeholder + 1);
        PARLEY_CHECK(end != std::string_view::npos && text[end] == ')' && end > placeholder + 1,
                     "LIST takes one placeholder");
        expanded += text.substr(copied, at - copied);
        expanded += list(dialect, text.substr(placeholder, end - placeholder));
        copied = end + 1;
    }
    return expanded += text.substr(copied);
}

}  // namespace

Statement::Statement(std::string_view text) : Statement(text, text) {}

Statement::Statement(std::string_view sqlite, std::string_view postgresql)
    : index_(next_index()),
      sqlite_(expand_lists(Dialect::sqlite, sqlite)),
      postgresql_(expand_lists(Dialect::postgresql, postgresql)) {}

}  // namespace parley::store
