#include <cstdio>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit_status.hpp"
#include "store/store.hpp"

namespace parley::cli {

int run(const Migrate& /*command*/, const config::Loaded& loaded) {
    const auto state = store::migrate(loaded.settings.database.url);
    if (!state) return fail(failure, state.error().message);
    fmt::print("The schema is up to date: version {}.\n", state->version);
    return success;
}

int run(const Backup& command, const config::Loaded& loaded) {
    const auto done = store::backup(loaded.settings.database.url, command.file);
    if (!done) return fail(failure, done.error().message);
    fmt::print("The database was copied to {}. Uploaded files are not in it: copy {} as well.\n",
               command.file, loaded.settings.chat.attachments);
    return success;
}

}  // namespace parley::cli
