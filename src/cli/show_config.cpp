#include "cli/show_config.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit_status.hpp"
#include "config/reference.hpp"

namespace parley::cli {

std::string config_text(const std::vector<config::Value>& values) {
    const auto shown = [](const config::Value& value) -> std::string {
        if (value.setting->secret) return "(hidden)";
        return value.text.empty() ? "(empty)" : value.text;
    };
    std::size_t name_width = 0;
    std::size_t value_width = 0;
    for (const auto& value : values) {
        name_width = std::max(name_width, value.setting->name.size());
        value_width = std::max(value_width, shown(value).size());
    }
    std::string text;
    for (const auto& value : values) {
        fmt::format_to(std::back_inserter(text), "{:<{}}  {:<{}}  {}\n", value.setting->name, name_width,
                       shown(value), value_width, value.source);
    }
    return text;
}

std::string takeover_text(const std::vector<config::TakenSet>& sets) {
    std::string text;
    const auto append = [&text](const std::vector<config::ForeignValue>& values, const char* begin,
                                const char* end) {
        for (const auto& value : values)
            fmt::format_to(std::back_inserter(text), "  {} ({}){}{}{}\n", value.name,
                           value.file.empty() ? "environment" : value.file, begin, value.what, end);
    };
    for (const auto& set : sets) {
        fmt::format_to(std::back_inserter(text), "\nTaken over from {}:\n", set.server);
        append(set.taken, " is ", "");
        append(set.ignored, " has no effect: ", "");
    }
    return text;
}

int run(const ShowConfig& /*command*/, const config::Loaded& loaded) {
    const auto text = config_text(loaded.values) + takeover_text(loaded.taken_over);
    std::fputs(text.c_str(), stdout);
    for (const auto& warning : loaded.settings.warnings)
        std::fprintf(stderr, "parley: warning: %s\n", warning.c_str());
    return success;
}

int run(const ShowReference& command) {
    const auto table = command.table == ShowReference::Table::limits ? config::limits_reference()
                                                                     : config::settings_reference();
    std::fputs(table.c_str(), stdout);
    return success;
}

}  // namespace parley::cli
