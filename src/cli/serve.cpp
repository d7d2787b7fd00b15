#include <map>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "server/log_format.hpp"
#include "server/server.hpp"

namespace parley::cli {

namespace {

/// One line for each file of a server's settings, and for the environment.
void log_foreign(log::Level level, const char* event, const std::string& server,
                 const std::vector<config::ForeignValue>& values) {
    std::map<std::string, std::string> names;  // by file
    for (const auto& value : values) {
        auto& list = names[value.file];
        list += (list.empty() ? "" : ", ") + value.name;
    }
    for (const auto& [file, list] : names)
        log::write(level, event,
                   {{"server", server}, {"from", file.empty() ? "environment" : file}, {"names", list}});
}

void log_takeover(const std::vector<config::TakenSet>& sets) {
    for (const auto& set : sets) {
        log_foreign(log::Level::info, "settings_taken_over", set.server, set.taken);
        log_foreign(log::Level::debug, "settings_without_effect", set.server, set.ignored);
    }
}

}  // namespace

int run(const Serve& /*command*/, const config::Loaded& loaded) {
    const auto& settings = loaded.settings;
    log::start(settings.log.level, server::log_format(settings.log.format));
    log_takeover(loaded.taken_over);
    const int status = server::run(loaded);
    log::stop();
    return status;
}

}  // namespace parley::cli
