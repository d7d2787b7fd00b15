#include <cstdio>

#include <fmt/format.h>

#include "chat/demo_data.hpp"
#include "cli/commands.hpp"
#include "cli/domain.hpp"
#include "cli/exit_status.hpp"
#include "crypto/password.hpp"

namespace parley::cli {

int run(const Demo& /*command*/, const config::Loaded& loaded) {
    auto domain = Domain::open(loaded.settings);
    if (!domain) return failure;
    const auto password_hash = crypto::hash_password(chat::demo_password);
    const auto data =
        domain->change([&](chat::Change& change) { return chat::ensure_demo_data(change, password_hash); });
    if (!data) return failure;
    fmt::print("{}\n", *data == chat::DemoData::made ? "Demo data was added. Log in as one of these:"
                                                     : "The demo data is there. Log in as one of these:");
    for (const auto& person : chat::demo_people())
        fmt::print("  {:<20}{:<24}password {}\n", person.name, person.email, chat::demo_password);
    return success;
}

}  // namespace parley::cli
