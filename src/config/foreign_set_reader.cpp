#include "config/foreign_set_reader.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/nearest_name.hpp"
#include "config/takeover_values.hpp"

namespace parley::config {

namespace {

using By = ForeignSetReader::By;

template <typename Row>
std::string_view key(By by, const Row& row) {
    return by == By::variable ? row.variable : row.path;
}

/// Rows that are not in soketi's file have no path there.
bool matches(std::string_view pattern, std::string_view name) {
    if (pattern.empty()) return false;
    if (!pattern.ends_with('*')) return pattern == name;
    pattern.remove_suffix(1);
    // `cors.*` is the table `cors`, too.
    return name.starts_with(pattern) ||
           (pattern.ends_with('.') && pattern.substr(0, pattern.size() - 1) == name);
}

const ForeignChoice* find_choice(const ForeignSet& set, By by, std::string_view name) {
    const auto found = std::find_if(set.choices.begin(), set.choices.end(),
                                    [&](const ForeignChoice& row) { return matches(key(by, row), name); });
    return found == set.choices.end() ? nullptr : &*found;
}

/// Choices between true and false may be written in all ways of a boolean.
bool chooses(const ForeignChoice& row, std::string_view text) {
    const auto yes = read_boolean(text);
    return row.value == text || (yes && row.value == (*yes ? "true" : "false"));
}

std::string written(const Tree& value) {
    const auto text = scalar_text(value);
    return text ? fmt::format("'{}'", *text) : std::string(describe(value.kind));
}

/// Where it stands. The source of a variable names it; that of a value in a file tells the line alone.
std::string place(const Tree& value) {
    return value.path.empty() ? value.source : fmt::format("{}: {}", value.source, value.path);
}

/// Names without what all have in front, which says nothing about what was meant.
std::vector<std::string> known_endings(const ForeignSet& set, By by) {
    std::vector<std::string> endings;
    const auto add = [&](const auto& row) {
        const auto name = key(by, row);
        if (name.ends_with('*') || name.empty()) return;
        if (by == By::path) {
            endings.emplace_back(name);
        } else if (name.starts_with(set.prefix)) {
            endings.emplace_back(name.substr(set.prefix.size()));
        }
    };
    std::for_each(set.taken.begin(), set.taken.end(), add);
    std::for_each(set.choices.begin(), set.choices.end(), add);
    std::for_each(set.ignored.begin(), set.ignored.end(), add);
    return endings;
}

}  // namespace

const TakenSetting* find_taken(const ForeignSet& set, By by, std::string_view name) {
    const auto found = std::find_if(set.taken.begin(), set.taken.end(),
                                    [&](const TakenSetting& row) { return matches(key(by, row), name); });
    return found == set.taken.end() ? nullptr : &*found;
}

const IgnoredSetting* find_ignored(const ForeignSet& set, By by, std::string_view name) {
    const auto found = std::find_if(set.ignored.begin(), set.ignored.end(),
                                    [&](const IgnoredSetting& row) { return matches(key(by, row), name); });
    return found == set.ignored.end() ? nullptr : &*found;
}

ForeignSetReader::ForeignSetReader(const ForeignSet& set, Takeover& takeover)
    : set_(set), takeover_(takeover), index_(takeover.sets.size()) {
    takeover_.sets.push_back({std::string(set.name), {}, {}});
}

void ForeignSetReader::note(By by, const GivenSetting& given) {
    const auto* const taken = find_taken(set_, by, given.name);
    const auto* const choice = find_choice(set_, by, given.name);
    const auto text = scalar_text(given.value);
    const auto yes = text ? read_boolean(*text) : std::nullopt;
    if (!yes) return;
    if (taken != nullptr) truths_[taken->variable] = *yes;
    if (choice != nullptr) truths_[choice->variable] = *yes;
}

void ForeignSetReader::read(By by, const GivenSetting& given) {
    if (const auto* const row = find_taken(set_, by, given.name)) {
        if (holds(row->only_if)) return take(*row, given);
        return ignore(given, fmt::format("{} is not true", row->only_if));
    }
    if (judge(by, given)) return;
    if (const auto* const row = find_ignored(set_, by, given.name)) return ignore(given, row->reason);
    report_unknown(by, given);
}

void ForeignSetReader::add_defaults() {
    for (const auto& row : set_.defaults)
        if (holds(row.only_if)) takeover_.defaults.push_back({row.target, row.text, set_.name});
}

bool ForeignSetReader::knows(const ForeignSet& set, By by, std::string_view name) {
    return find_taken(set, by, name) != nullptr || find_choice(set, by, name) != nullptr ||
           find_ignored(set, by, name) != nullptr;
}

bool ForeignSetReader::holds(std::string_view only_if) const {
    const auto found = truths_.find(only_if);
    return only_if.empty() || (found != truths_.end() && found->second);
}

void ForeignSetReader::take(const TakenSetting& row, const GivenSetting& given) {
    auto named = given.value;
    if (named.path.empty()) named.path = row.target;
    auto value = convert(row.form, named);
    if (!value) {
        // A whole document may hold secrets.
        const auto shown = row.form == Form::json ? std::string("the value") : written(named);
        takeover_.errors.push_back(
            fmt::format("{}: {} is not allowed; it must be {}.", place(named), shown, value.error()));
        return;
    }
    if (value->kind == Tree::Kind::null) return;
    takeover_.assignments.push_back(
        {std::string(row.target), std::move(*value), scalar_text(given.value).value_or("")});
    takeover_.sets[index_].taken.push_back({given.name, given.file, std::string(row.target)});
}

/// False when it is no choice.
bool ForeignSetReader::judge(By by, const GivenSetting& given) {
    if (find_choice(set_, by, given.name) == nullptr) return false;
    const auto text = scalar_text(given.value).value_or("");
    if (given.value.kind == Tree::Kind::null || means_nothing(text)) return true;
    std::vector<std::string_view> allowed;
    for (const auto& row : set_.choices) {
        if (key(by, row) != given.name) continue;
        if (row.verdict != Verdict::refused) allowed.push_back(row.value);
        if (!chooses(row, text)) continue;
        const auto sentence =
            fmt::format("{}: '{}' cannot be had: {}", place(given.value), text, row.sentence);
        if (row.verdict == Verdict::refused) takeover_.errors.push_back(sentence);
        if (row.verdict == Verdict::warned) takeover_.warnings.push_back(sentence);
        if (row.verdict != Verdict::refused) ignore(given, "what Parley does anyway");
        return true;
    }
    takeover_.errors.push_back(fmt::format("{}: {} is not allowed; it must be one of {}.", place(given.value),
                                           written(given.value), fmt::join(allowed, ", ")));
    return true;
}

void ForeignSetReader::report_unknown(By by, const GivenSetting& given) {
    const auto prefix = by == By::variable ? set_.prefix : std::string_view();
    const auto nearest = nearest_name(given.name.substr(prefix.size()), known_endings(set_, by));
    const auto hint = nearest ? fmt::format("; did you mean '{}{}'?", prefix, *nearest) : std::string(".");
    takeover_.warnings.push_back(
        fmt::format("{}: unknown setting of {}, not taken over{}", place(given.value), set_.name, hint));
}

void ForeignSetReader::ignore(const GivenSetting& given, std::string_view reason) {
    takeover_.sets[index_].ignored.push_back({given.name, given.file, std::string(reason)});
}

}  // namespace parley::config
