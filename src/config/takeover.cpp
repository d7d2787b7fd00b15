#include "config/takeover.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "config/foreign_set_reader.hpp"
#include "config/soketi_file.hpp"
#include "config/takeover_values.hpp"

namespace parley::config {

namespace {

using By = ForeignSetReader::By;

bool is_credential_target(std::string_view target) {
    return target == "app.id" || target == "app.key" || target == "app.secret";
}

/// The variables that say something; of those with equal names the last.
std::vector<Variable> effective(std::span<const Variable> variables) {
    std::vector<Variable> kept;
    std::set<std::string_view> seen;
    for (auto variable = variables.rbegin(); variable != variables.rend(); ++variable)
        if (!means_nothing(variable->text) && seen.insert(variable->name).second) kept.push_back(*variable);
    std::reverse(kept.begin(), kept.end());
    return kept;
}

GivenSetting given(const Variable& variable) {
    return {variable.name,
            variable.file,
            {.kind = Tree::Kind::text, .text = variable.text, .source = variable.source()}};
}

class Taker {
public:
    explicit Taker(const Foreign& foreign) : foreign_(foreign), variables_(effective(foreign.variables)) {}

    Takeover take() && {
        const auto* const server = choose_server();
        if (server != nullptr) take_server(*server);
        take_pusher(server);
        return std::move(takeover_);
    }

private:
    /// Whether a variable is one of a set: by its prefix or, beside one with the prefix, by its name.
    static bool belongs(const ForeignSet& set, const Variable& variable) {
        return variable.name.starts_with(set.prefix) ||
               ForeignSetReader::knows(set, By::variable, variable.name);
    }

    [[nodiscard]] std::vector<Variable> variables_of(const ForeignSet& set) const {
        std::vector<Variable> found;
        std::copy_if(variables_.begin(), variables_.end(), std::back_inserter(found),
                     [&set](const Variable& variable) { return belongs(set, variable); });
        return found;
    }

    /// How many of id, key and secret of its app are there.
    [[nodiscard]] std::size_t credential_count(const ForeignSet& set) const {
        const auto is_one = [&set](const Variable& variable) {
            const auto* const row = find_taken(set, By::variable, variable.name);
            return row != nullptr && is_credential_target(row->target);
        };
        return static_cast<std::size_t>(std::count_if(variables_.begin(), variables_.end(), is_one));
    }

    /// Whether somebody runs that server with these variables: one that matters to it has its prefix.
    [[nodiscard]] bool is_there(const ForeignSet& set) const {
        return std::any_of(variables_.begin(), variables_.end(), [&set](const Variable& variable) {
            return variable.name.starts_with(set.prefix) &&
                   find_ignored(set, By::variable, variable.name) == nullptr;
        });
    }

    const ForeignSet* choose_server() {
        const std::array<const ForeignSet*, 3> servers = {&soketi_set(), &sockudo_set(), &reverb_set()};
        const ForeignSet* chosen = foreign_.soketi_file != nullptr ? servers.front() : nullptr;
        for (const auto* set : servers)
            if (chosen == nullptr && credential_count(*set) > 0) chosen = set;
        for (const auto* set : servers)
            if (chosen == nullptr && is_there(*set)) chosen = set;
        for (const auto* set : servers)
            if (chosen != nullptr && set != chosen && is_there(*set)) warn_of_unused(*set, *chosen);
        return chosen;
    }

    void warn_of_unused(const ForeignSet& unused, const ForeignSet& chosen) {
        takeover_.warnings.push_back(
            fmt::format("{}*: the settings of {} are not taken over, as those of {} are: one server's count.",
                        unused.prefix, unused.name, chosen.name));
    }

    void take_server(const ForeignSet& set) {
        std::vector<GivenSetting> in_file;
        if (foreign_.soketi_file != nullptr) in_file = read_file();
        const auto variables = variables_of(set);
        ForeignSetReader reader(set, takeover_);
        for (const auto& setting : in_file) reader.note(By::path, setting);
        for (const auto& variable : variables) reader.note(By::variable, given(variable));
        for (const auto& setting : in_file) reader.read(By::path, setting);
        for (const auto& variable : variables) reader.read(By::variable, given(variable));
        if (!takeover_.apps.empty())
            takeover_.sets.back().taken.push_back(
                {std::string(soketi_apps_path), foreign_.soketi_file_name,
                 fmt::format("{} apps", takeover_.apps[0].children.size())});
        reader.add_defaults();
        takeover_.needs_whole_app = !set.has_default_app && credential_count(set) > 0;
    }

    std::vector<GivenSetting> read_file() {
        auto file = read_soketi_file(*foreign_.soketi_file, foreign_.soketi_file_name);
        if (!file) {
            takeover_.errors.push_back(file.error());
            return {};
        }
        if (file->apps) takeover_.apps.push_back(std::move(*file->apps));
        return std::move(file->settings);
    }

    void take_pusher(const ForeignSet* server) {
        const auto& set = pusher_set();
        const bool defined = foreign_.app_is_defined || !takeover_.apps.empty() ||
                             (server != nullptr && credential_count(*server) > 0);
        const auto found = credential_count(set);
        if (defined || found == 0) return;
        constexpr std::size_t credentials_of_an_app = 3;
        if (found < credentials_of_an_app) {
            takeover_.warnings.emplace_back(
                "PUSHER_APP_*: not taken over, as an app needs all of PUSHER_APP_ID, PUSHER_APP_KEY and "
                "PUSHER_APP_SECRET.");
            return;
        }
        ForeignSetReader reader(set, takeover_);
        for (const auto& variable : variables_of(set)) reader.read(By::variable, given(variable));
        // Before those of a server whose app this is.
        const auto begin = static_cast<std::ptrdiff_t>(takeover_.defaults.size());
        reader.add_defaults();
        std::rotate(takeover_.defaults.begin(), takeover_.defaults.begin() + begin, takeover_.defaults.end());
    }

    const Foreign& foreign_;
    std::vector<Variable> variables_;
    Takeover takeover_;
};

}  // namespace

std::string Variable::source() const {
    return file.empty() ? fmt::format("environment {}", name) : fmt::format("{} of {}:{}", name, file, line);
}

Takeover take_over(const Foreign& foreign) { return Taker(foreign).take(); }

}  // namespace parley::config
