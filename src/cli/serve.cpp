#include <unistd.h>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "server/server.hpp"

namespace parley::cli {

namespace {

log::Format format_of(config::LogFormat format) {
    switch (format) {
        case config::LogFormat::text:
            return log::Format::text;
        case config::LogFormat::json:
            return log::Format::json;
        case config::LogFormat::automatic:
            break;
    }
    return isatty(STDERR_FILENO) == 1 ? log::Format::text : log::Format::json;
}

}  // namespace

int run(const Serve& /*command*/, const config::Loaded& loaded) {
    const auto& settings = loaded.settings;
    log::start(settings.log.level, format_of(settings.log.format));
    const int status = server::run(settings);
    log::stop();
    return status;
}

}  // namespace parley::cli
