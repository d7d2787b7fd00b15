#include "server/log_format.hpp"

#include <unistd.h>

namespace parley::server {

log::Format log_format(config::LogFormat format) {
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

}  // namespace parley::server
