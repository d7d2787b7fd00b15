#include "cli/app_flags.hpp"

#include <CLI/CLI.hpp>

namespace parley::cli {

namespace {

constexpr std::int64_t grace_most_s = 31'536'000;  // a year

void add_id(CLI::App& command, Apps& apps) {
    command.add_option("id", apps.id, "Id of the app")->type_name("ID")->required();
}

}  // namespace

void add_app_actions(const AddAppCommand& add, Apps& apps) {
    using Action = Apps::Action;
    add("list", "List the apps of the configuration and of the database", Action::list)
        .add_flag("--json", apps.json, "As JSON, one object for each app");

    auto& create = add("create", "Make an app and print its credentials", Action::create);
    create.add_option("--id", apps.id, "Its id; without it one is made")->type_name("ID");
    create.add_option("--key", apps.key, "Its key; without it one is made")->type_name("KEY");
    create.add_option("--name", apps.name, "A name for people")->type_name("NAME");
    create.add_flag("--secret-from-stdin", apps.secret_from_stdin,
                    "Read the secret from standard input; without it one is made");

    auto& rotate =
        add("rotate", "Give an app a new secret; the old one stays valid for a while", Action::rotate);
    add_id(rotate, apps);
    rotate.add_option("--grace", apps.grace, "Seconds for which the old secret stays valid [86400]")
        ->type_name("SECONDS")
        ->check(CLI::Range(std::int64_t{0}, grace_most_s));
    rotate.add_flag("--finish", apps.finish, "End that time now; make no new secret");
    rotate.add_flag("--secret-from-stdin", apps.secret_from_stdin,
                    "Read the new secret from standard input; without it one is made");

    add_id(add("disable", "Close an app's connections and refuse it until it is enabled", Action::disable),
           apps);
    add_id(add("enable", "Undo disable", Action::enable), apps);
    add_id(add("delete", "Remove an app for good", Action::erase), apps);

    auto& limits = add("limits", "Print what an app is allowed, or change it", Action::limits);
    add_id(limits, apps);
    limits.add_option("changes", apps.changes, "New values; name=default takes one back")
        ->type_name("NAME=VALUE")
        ->expected(0, -1);
    limits.add_option("--webhooks", apps.webhooks_file, "Replace its webhooks by the list in this JSON file")
        ->type_name("FILE");
}

}  // namespace parley::cli
