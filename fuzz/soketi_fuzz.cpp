// soketi's configuration file: any JSON becomes settings, or sentences about what is wrong with it.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "config/apps.hpp"
#include "config/json_file.hpp"
#include "config/takeover.hpp"

namespace {

using namespace parley;
using namespace parley::config;

void check_sentences(const std::vector<std::string>& sentences) {
    for (const auto& sentence : sentences)
        PARLEY_CHECK(sentence.ends_with('.') || sentence.ends_with('?'), "a sentence has an end");
}

/// Every part tells where it stands.
void check_places(const Tree& tree) {
    PARLEY_CHECK(tree.source.starts_with("s.json:"), "every part has a source");
    PARLEY_CHECK(tree.kind == Tree::Kind::list || tree.kind == Tree::Kind::table || tree.children.empty(),
                 "only lists and tables have children");
    for (const auto& child : tree.children) check_places(child);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto document = read_json(text, "s.json");
    if (!document) return 0;
    check_places(*document);
    const auto takeover =
        take_over({.variables = {}, .soketi_file = &*document, .soketi_file_name = "s.json"});
    check_sentences(takeover.errors);
    check_sentences(takeover.warnings);
    for (const auto& list : takeover.apps) {
        FieldReport report{.unknown = UnknownFields::warned};
        const auto apps = read_apps(list, App(), report);
        PARLEY_CHECK(apps.size() <= list.children.size(), "no app comes from nowhere");
        check_sentences(report.errors);
        check_sentences(report.warnings);
    }
    return 0;
}
