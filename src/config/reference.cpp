#include "config/reference.hpp"

#include <iterator>

#include <fmt/format.h>

#include "config/setting_table.hpp"

namespace parley::config {

namespace {

std::string limit_text(std::int64_t value) {
    return value == unlimited ? "-1 (none)" : fmt::format("{}", value);
}

}  // namespace

std::string limits_reference() {
    const Limits defaults;
    std::string table = "| limit | default | unit | allowed | past it |\n| --- | --- | --- | --- | --- |\n";
    for (const auto& limit : limit_table()) {
        fmt::format_to(std::back_inserter(table), "| `limits.{}` | {} | {} | {} to {}{} | {} |\n", limit.name,
                       limit_text(defaults.*limit.value), limit.unit, limit.least, limit.most,
                       limit.may_be_unlimited ? ", or -1" : "", limit.past_it);
    }
    return table;
}

std::string settings_reference() {
    const Settings defaults;
    std::string table = "| setting | default | what it is | allowed |\n| --- | --- | --- | --- |\n";
    for (const auto& setting : setting_table()) {
        if (setting.name.starts_with("limits.")) continue;
        const auto value = setting.read(defaults);
        fmt::format_to(std::back_inserter(table), "| `{}` | {} | {} | {} |\n", setting.name,
                       value.empty() ? "" : fmt::format("`{}`", value), setting.description, setting.allowed);
    }
    return table;
}

}  // namespace parley::config
