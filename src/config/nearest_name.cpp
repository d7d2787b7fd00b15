#include "config/nearest_name.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"

namespace parley::config {

namespace {

constexpr std::size_t typing_errors_most = 3;

/// More errors are forgiven in longer names, up to half of a short one (two letters swapped are two errors).
std::size_t errors_forgiven(std::string_view name) { return std::min(typing_errors_most, name.size() / 2); }

/// How many single-character edits (insert, delete, replace) turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

bool ends_with_part(std::string_view whole, std::string_view part) {
    if (part.empty() || whole.size() < part.size() + 2 || !whole.ends_with(part)) return false;
    return std::string_view("._-").find(whole[whole.size() - part.size() - 1]) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates) {
    std::optional<std::string> nearest;
    std::size_t least_errors = errors_forgiven(name) + 1;
    for (const auto& candidate : candidates) {
        const auto errors = edit_distance(to_lower_ascii(name), to_lower_ascii(candidate));
        if (errors >= least_errors) continue;
        least_errors = errors;
        nearest = candidate;
    }
    if (nearest) return nearest;
    for (const auto& candidate : candidates) {
        const bool related = ends_with_part(candidate, name) || ends_with_part(name, candidate);
        if (related && (!nearest || candidate.size() > nearest->size())) nearest = candidate;
    }
    return nearest;
}

std::string suggestion(std::string_view name, std::span<const std::string> candidates) {
    const auto nearest = nearest_name(name, candidates);
    return nearest ? fmt::format("; did you mean '{}'?", *nearest) : ".";
}

}  // namespace parley::config
