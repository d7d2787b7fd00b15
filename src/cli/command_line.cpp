#include "cli/command_line.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "cli/app_flags.hpp"
#include "cli/bench_flags.hpp"
#include "cli/exit_status.hpp"
#include "cli/help.hpp"
#include "cli/watching_flags.hpp"
#include "config/nearest_name.hpp"

namespace parley::cli {

namespace {

constexpr const char* settings_group = "Settings";

/// Leaves the flags of settings to `settings_help`, which lays them out legibly.
class HelpFormatter final : public CLI::Formatter {
public:
    std::string make_group(std::string group, bool is_positional,
                           std::vector<const CLI::Option*> options) const override {
        if (group == settings_group) return "";
        return CLI::Formatter::make_group(std::move(group), is_positional, std::move(options));
    }

    /// Closes the gap where that group was.
    std::string make_help(const CLI::App* command, std::string name, CLI::AppFormatMode mode) const override {
        auto text = CLI::Formatter::make_help(command, std::move(name), mode);
        const auto gap = text.find("\n\n\n");
        return gap == std::string::npos ? text : text.erase(gap, 1);
    }
};

/// Where CLI11 leaves what it read; must stay where it is while parsing.
struct Parsed {
    std::string config_file;
    std::string env_file;
    std::deque<std::string> values;  // of setting flags; a deque does not move its elements
    std::vector<std::pair<std::string, CLI::Option*>> settings;  // name of a setting, its flag
    bool limits = false;
    bool settings_table = false;
    Trigger trigger;
    Listen listen;
    Backup backup;
    User user;
    Queue queue;
    Apps apps;
    Why why;
    Status status;
    Top top;
    Bench bench;
    std::string retried;  // an id, or "all"
    std::string url;
};

/// Every setting as a flag.
void add_setting_flags(CLI::App& command, Parsed& parsed) {
    command
        .add_option("--config", parsed.config_file,
                    "Read this file instead of parley.toml; soketi's if it ends with .json")
        ->type_name("FILE");
    command
        .add_option("--env", parsed.env_file,
                    "Read variables from this .env file, too: Parley's, Reverb's, Pusher's, soketi's")
        ->type_name("FILE");
    for (const auto& setting : config::setting_table()) {
        auto& value = parsed.values.emplace_back();
        auto* flag = setting.kind == config::Kind::boolean ? command.add_flag(setting.flag_name(), value)
                                                           : command.add_option(setting.flag_name(), value);
        flag->group(settings_group)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
        parsed.settings.emplace_back(setting.name, flag);
    }
}

CLI::App& add_command(CLI::App& program, const char* name, const char* description, Parsed& parsed) {
    auto& command = *program.add_subcommand(name, description);
    command.allow_extras();
    command.group("Commands");
    command.set_help_flag("-h,--help", "Print this help");
    add_setting_flags(command, parsed);
    command.footer(other_settings_help());
    return command;
}

void add_url(CLI::App& command, Parsed& parsed) {
    command
        .add_option("--url", parsed.url, "Server to ask; without it the one of the settings, on this machine")
        ->type_name("URL");
}

CLI::App& add_trigger(CLI::App& program, Parsed& parsed) {
    auto& command = add_command(program, "trigger", "Publish an event through the HTTP API", parsed);
    command.add_option("-c,--channel", parsed.trigger.channels, "Channel to publish to; may be repeated")
        ->type_name("CHANNEL")
        ->required()
        ->allow_extra_args(false);
    command.add_option("-e,--event", parsed.trigger.event, "Name of the event")
        ->type_name("EVENT")
        ->required();
    command.add_option("-d,--data", parsed.trigger.data, "Its data, delivered as it is; usually JSON")
        ->type_name("DATA")
        ->required();
    command.add_option("--socket-id", parsed.trigger.socket_id, "Connection that does not get it")
        ->type_name("ID");
    add_url(command, parsed);
    command.footer(other_settings_help() +
                   "\n\nExample:\n  parley trigger -c news -e hello -d '{\"text\":\"Hello\"}'");
    return command;
}

CLI::App& add_listen(CLI::App& program, Parsed& parsed) {
    auto& command = add_command(program, "listen", "Subscribe to channels and print every event", parsed);
    command
        .add_option("channels", parsed.listen.channels, "Channels; private and presence ones are signed here")
        ->type_name("CHANNEL")
        ->required();
    command.add_option("--user-id", parsed.listen.user_id, "Who joins presence channels [parley-listen]")
        ->type_name("ID");
    command.add_option("--user-info", parsed.listen.user_info, "What other members see of it, JSON [{}]")
        ->type_name("JSON");
    add_url(command, parsed);
    command.footer(other_settings_help() + "\n\nExample:\n  parley listen news presence-lobby --user-id ann");
    return command;
}

/// A command, and what running it means with what was read.
struct Choice {
    const CLI::App* command;
    std::function<Command(Parsed&)> make;
};

Command show_config(const Parsed& parsed) {
    if (parsed.limits) return ShowReference{ShowReference::Table::limits};
    if (parsed.settings_table) return ShowReference{ShowReference::Table::settings};
    return ShowConfig{};
}

void add_database_commands(CLI::App& program, Parsed& parsed, std::vector<Choice>& choices) {
    auto& migrate = add_command(program, "migrate", "Bring the database's schema up to date", parsed);
    auto& backup = add_command(program, "backup", "Copy the database, which may be in use", parsed);
    backup.add_option("file", parsed.backup.file, "Where to; must not exist")->type_name("FILE")->required();
    auto& demo =
        add_command(program, "demo", "Fill an empty database with four people who have talked", parsed);
    choices.push_back({&migrate, [](Parsed&) { return Migrate{}; }});
    choices.push_back({&backup, [](Parsed& read) { return std::move(read.backup); }});
    choices.push_back({&demo, [](Parsed&) { return Demo{}; }});
}

/// `parley user ACTION EMAIL`, one command for each action.
void add_user_commands(CLI::App& program, Parsed& parsed, std::vector<Choice>& choices) {
    auto& user = *program.add_subcommand("user", "Make and look after accounts");
    user.group("Commands");
    user.set_help_flag("-h,--help", "Print this help");
    user.require_subcommand(1);
    const auto add_action = [&](const char* name, const char* description, User::Action action) {
        auto& command = add_command(user, name, description, parsed);
        if (action == User::Action::create)
            command.add_option("name", parsed.user.name, "Name that others see")
                ->type_name("NAME")
                ->required();
        command.add_option("email", parsed.user.email, "Address of the account")
            ->type_name("EMAIL")
            ->required();
        choices.push_back({&command, [action](Parsed& read) {
                               read.user.action = action;
                               return std::move(read.user);
                           }});
    };
    add_action("create", "Make an account; its password is read from standard input", User::Action::create);
    add_action("password", "Replace a password, read from standard input, and revoke all tokens",
               User::Action::password);
    add_action("token", "Print a new token of an account", User::Action::token);
    add_action("operator", "Make somebody an operator of this server", User::Action::make_operator);
    add_action("no-operator", "Make somebody an operator no longer", User::Action::unmake_operator);
}

/// `parley queue ACTION`.
void add_queue_commands(CLI::App& program, Parsed& parsed, std::vector<Choice>& choices) {
    auto& queue = *program.add_subcommand("queue", "Look after the jobs that wait in the database");
    queue.group("Commands");
    queue.set_help_flag("-h,--help", "Print this help");
    queue.require_subcommand(1);
    const auto add_action = [&](const char* name, const char* description,
                                Queue::Action action) -> CLI::App& {
        auto& command = add_command(queue, name, description, parsed);
        choices.push_back({&command, [action](Parsed& read) {
                               read.queue.action = action;
                               if (read.retried != "all") read.queue.id = parse_integer(read.retried);
                               return read.queue;
                           }});
        return command;
    };
    add_action("failed", "List the jobs that were given up", Queue::Action::failed);
    add_action("retry", "Put failed jobs back into the queue", Queue::Action::retry)
        .add_option("job", parsed.retried, "Id of the job, or all")
        ->type_name("ID|all")
        ->required()
        ->check([](const std::string& text) {
            return text == "all" || parse_decimal(text) ? "" : "must be the id of a job, or all";
        });
    add_action("monitor", "Count the jobs of each kind", Queue::Action::monitor)
        .add_flag("--watch", parsed.queue.watch, "Count every two seconds");
}

/// `parley status` and `parley top`.
void add_watching_commands(CLI::App& program, Parsed& parsed, std::vector<Choice>& choices) {
    auto& status = add_command(program, "status", "Print how a running server does", parsed);
    add_status_flags(status, parsed.status);
    auto& top = add_command(program, "top", "Watch how a running server does", parsed);
    add_top_flags(top, parsed.top);
    choices.push_back({&status, [](Parsed& read) { return std::move(read.status); }});
    choices.push_back({&top, [](Parsed& read) { return std::move(read.top); }});
}

/// `parley app ACTION`.
void add_app_commands(CLI::App& program, Parsed& parsed, std::vector<Choice>& choices) {
    auto& app = *program.add_subcommand("app", "Look after the apps, while the server runs");
    app.group("Commands");
    app.set_help_flag("-h,--help", "Print this help");
    app.require_subcommand(1);
    add_app_actions(
        [&](const char* name, const char* description, Apps::Action action) -> CLI::App& {
            auto& command = add_command(app, name, description, parsed);
            choices.push_back({&command, [action](Parsed& read) {
                                   read.apps.action = action;
                                   return std::move(read.apps);
                               }});
            return command;
        },
        parsed.apps);
}

std::vector<Choice> add_commands(CLI::App& program, Parsed& parsed) {
    auto& serve = add_command(program, "serve", "Run the server until it is told to stop", parsed);
    serve.alias("start");
    serve.footer(settings_help());
    auto& config =
        add_command(program, "config", "Print every setting, its value and where that comes from", parsed);
    config.add_flag("--limits", parsed.limits, "Print the table of limits, as docs/limits.md holds it");
    config.add_flag("--settings", parsed.settings_table,
                    "Print the table of the other settings, as docs/configuration.md holds it");
    auto& trigger = add_trigger(program, parsed);
    auto& listen = add_listen(program, parsed);
    auto& version = *program.add_subcommand("version", "Print the version");
    version.allow_extras();
    version.group("Commands");
    version.set_help_flag("-h,--help", "Print this help");
    std::vector<Choice> choices = {
        {&serve, [](Parsed&) { return Serve{}; }},
        {&config, show_config},
        {&trigger, [](Parsed& read) { return std::move(read.trigger); }},
        {&listen, [](Parsed& read) { return std::move(read.listen); }},
        {&version, [](Parsed&) { return ShowVersion{}; }},
    };
    auto& why = add_command(program, "why", "Print what a running server has refused, and why", parsed);
    add_why_flags(why, parsed.why);
    choices.push_back({&why, [](Parsed& read) { return std::move(read.why); }});
    add_watching_commands(program, parsed, choices);
    add_database_commands(program, parsed, choices);
    add_user_commands(program, parsed, choices);
    add_queue_commands(program, parsed, choices);
    add_app_commands(program, parsed, choices);
    auto& bench = add_command(program, "bench", "Measure a server that speaks the Pusher protocol", parsed);
    add_url(bench, parsed);
    add_bench_flags(bench, parsed.bench);
    choices.push_back({&bench, [](Parsed& read) { return std::move(read.bench); }});
    return choices;
}

bool is_flag(const std::string& argument) {
    return argument.starts_with('-') && argument.find_first_not_of('-') != std::string::npos;
}

/// Names are compared without their dashes, which say nothing about what was meant.
std::string unknown_flag(const CLI::App& command, const std::string& argument) {
    const auto flag = argument.substr(0, argument.find('='));
    std::vector<std::string> names;
    for (const auto* option : command.get_options())
        names.insert(names.end(), option->get_lnames().begin(), option->get_lnames().end());
    const auto name = flag.substr(std::min(flag.find_first_not_of('-'), flag.size()));
    const auto nearest = config::nearest_name(name, names);
    return nearest ? fmt::format("unknown flag '{}'; did you mean '--{}'?", flag, *nearest)
                   : fmt::format("unknown flag '{}'.", flag);
}

Stop usage_error(const std::string& sentence, std::string_view help_of) {
    return {wrong_usage, fmt::format("parley: {}\nSee parley {}--help.\n", sentence, help_of)};
}

/// The command that was given of a command that has commands of its own.
const CLI::App& innermost(const CLI::App& command) {
    const auto selected = command.get_subcommands();
    return selected.empty() ? command : innermost(*selected.front());
}

/// What stands between `parley` and the arguments: "user create ".
std::string full_name(const CLI::App& command) {
    if (command.get_parent() == nullptr) return {};
    return full_name(*command.get_parent()) + command.get_name() + ' ';
}

/// `extras` are arguments that nothing takes; the first flag among them says most about the mistake.
Stop refuse_extras(const CLI::App& command, const std::vector<std::string>& extras) {
    const auto help_of = full_name(command);
    const auto flag = std::find_if(extras.begin(), extras.end(), is_flag);
    if (flag != extras.end()) return usage_error(unknown_flag(command, *flag), help_of);
    if (command.get_parent() != nullptr)
        return usage_error(fmt::format("unexpected argument '{}'.", extras.front()), help_of);
    std::vector<std::string> names;
    for (const auto* other : command.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(other->get_name());
        for (const auto& alias : other->get_aliases()) names.push_back(alias);
    }
    return usage_error(
        fmt::format("unknown command '{}'{}", extras.front(), config::suggestion(extras.front(), names)),
        help_of);
}

/// The innermost command that was given.
Command chosen_command(const std::vector<Choice>& choices, Parsed& parsed) {
    const auto url = parsed.url.empty() ? std::nullopt : std::optional(parsed.url);
    parsed.trigger.url = url;
    parsed.listen.url = url;
    parsed.bench.url = url;
    const auto chosen = std::find_if(choices.begin(), choices.end(),
                                     [](const Choice& choice) { return choice.command->parsed(); });
    PARLEY_CHECK(chosen != choices.end(), "every command has a choice");
    return chosen->make(parsed);
}

config::Sources sources_of(const Parsed& parsed) {
    config::Sources sources;
    if (!parsed.config_file.empty()) sources.config_file = parsed.config_file;
    if (!parsed.env_file.empty()) sources.env_file = parsed.env_file;
    for (const auto& [name, flag] : parsed.settings)
        if (flag->count() > 0) sources.flags.emplace_back(name, flag->as<std::string>());
    return sources;
}

Stop stop_for(const CLI::App& program, const CLI::ParseError& error) {
    if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success)) {
        return usage_error(std::string(error.what()) + '.', full_name(innermost(program)));
    }
    std::ostringstream out;
    program.exit(error, out, out);
    return {success, out.str()};
}

}  // namespace

tl::expected<Invocation, Stop> parse_command_line(std::vector<std::string> arguments) {
    CLI::App program("Parley: a real-time server that speaks the Pusher Channels protocol.", "parley");
    program.formatter(std::make_shared<HelpFormatter>());
    program.get_formatter()->column_width(28);
    program.get_formatter()->label("SUBCOMMAND", "COMMAND");
    program.set_help_flag("-h,--help", "Print this help");
    program.allow_extras();
    program.footer(program_help());
    bool version_flag = false;
    program.add_flag("--version", version_flag, "Print the version");
    Parsed parsed;
    const auto choices = add_commands(program, parsed);

    try {
        std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
        program.parse(arguments);
    } catch (const CLI::ParseError& error) {
        return tl::unexpected(stop_for(program, error));
    }
    if (const auto extras = program.remaining(); !extras.empty())
        return tl::unexpected(refuse_extras(program, extras));
    const auto selected = program.get_subcommands();
    if (version_flag) return Invocation{ShowVersion{}, {}};
    if (selected.empty()) return tl::unexpected(Stop{wrong_usage, program.help()});
    const auto& command = innermost(*selected.front());
    if (const auto extras = command.remaining(); !extras.empty())
        return tl::unexpected(refuse_extras(command, extras));
    return Invocation{chosen_command(choices, parsed), sources_of(parsed)};
}

}  // namespace parley::cli
