#pragma once

#include <map>
#include <string>
#include <string_view>

#include "config/takeover.hpp"

namespace parley::config {

/// One setting as another server's user wrote it.
struct GivenSetting {
    std::string name;  // of the variable, or the path in the file
    std::string file;  // empty: the environment
    Tree value;        // with its source
};

/// Reads settings of one server by its table and tells a `Takeover` what they mean.
class ForeignSetReader {
public:
    /// What the table is searched by.
    enum class By : std::uint8_t { variable, path };

    ForeignSetReader(const ForeignSet& set, Takeover& takeover);

    /// Notes whether a setting that others depend on is true. All settings must be noted before one is read.
    void note(By by, const GivenSetting& given);

    void read(By by, const GivenSetting& given);

    /// Adds the server's own defaults.
    void add_defaults();

    /// Whether the table has a row for it.
    [[nodiscard]] static bool knows(const ForeignSet& set, By by, std::string_view name);

private:
    [[nodiscard]] bool holds(std::string_view only_if) const;
    void take(const TakenSetting& row, const GivenSetting& given);
    bool judge(By by, const GivenSetting& given);
    void report_unknown(By by, const GivenSetting& given);
    void ignore(const GivenSetting& given, std::string_view reason);

    const ForeignSet& set_;
    Takeover& takeover_;
    std::size_t index_;                        // of the set in `takeover_.sets`
    std::map<std::string_view, bool> truths_;  // by the variables of the rows
};

/// The row of `set` that takes this, or null.
[[nodiscard]] const TakenSetting* find_taken(const ForeignSet& set, ForeignSetReader::By by,
                                             std::string_view name);

/// The row of `set` that ignores this, or null.
[[nodiscard]] const IgnoredSetting* find_ignored(const ForeignSet& set, ForeignSetReader::By by,
                                                 std::string_view name);

}  // namespace parley::config
