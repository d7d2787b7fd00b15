#include "cli/help.hpp"

#include <iterator>

#include <fmt/format.h>

#include "config/setting_table.hpp"

namespace parley::cli {

namespace {

std::string default_text(const config::Setting& setting, const config::Settings& defaults) {
    const auto value = setting.read(defaults);
    return value.empty() ? "empty" : value;
}

}  // namespace

std::string program_help() {
    return "To begin:\n"
           "  parley demo                                  fills an empty database with people\n"
           "  parley serve --demo                          then open http://127.0.0.1:6001 as one of them\n"
           "  parley listen news                           in a second terminal\n"
           "  parley trigger -c news -e hello -d '\"Hi\"'    in a third\n\n"
           "parley COMMAND --help tells more.";
}

std::string settings_help() {
    const config::Settings defaults;
    std::string text =
        "Settings [default]. Each is also a key of parley.toml and an environment variable:\n"
        "--app-key is key in the table [app], and PARLEY_APP_KEY.\n";
    for (const auto& setting : config::setting_table()) {
        if (setting.name.starts_with("limits.")) continue;
        fmt::format_to(std::back_inserter(text), "  {:<40}{} [{}]\n", setting.flag_name(),
                       setting.description, default_text(setting, defaults));
    }
    text += "\nLimits [default]. docs/limits.md and parley config --limits tell what happens past each.\n";
    for (const auto& limit : limit_table()) {
        const auto* setting = config::find_setting(fmt::format("limits.{}", limit.name));
        const auto value = defaults.limits.*limit.value;
        fmt::format_to(std::back_inserter(text), "  {:<46}[{}]\n", setting->flag_name(),
                       value == unlimited ? "none" : fmt::format("{} {}", value, limit.unit));
    }
    text.pop_back();
    return text;
}

std::string other_settings_help() {
    return "Every setting of the server is a flag here too, --app-key and --app-secret for example:\n"
           "see parley serve --help.";
}

}  // namespace parley::cli
