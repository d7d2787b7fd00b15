#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "config/app_fields.hpp"
#include "config/load.hpp"
#include "config/takeover.hpp"
#include "config/toml_file.hpp"

namespace parley::config {

/// Gathers values and errors from one source after the other; later ones win.
class Loader {
public:
    Loader();

    /// A TOML file.
    void add_file(const std::string& path);

    /// What the settings of other servers amount to.
    void add_takeover(Takeover takeover);

    /// A variable of ours; others are not looked at.
    void add_variable(const Variable& variable);

    void add_flag(const std::string& name, const std::string& text);

    void add_error(std::string sentence) { errors_.push_back(std::move(sentence)); }

    /// Whether Parley's own settings say which app there is, in what was added or in these sources.
    [[nodiscard]] bool defines_app(const std::vector<Variable>& variables, const Sources& sources) const;

    [[nodiscard]] tl::expected<Loaded, std::vector<std::string>> finish() &&;

private:
    [[nodiscard]] std::optional<std::size_t> row_of(std::string_view name) const;
    [[nodiscard]] std::string unknown_variable(const Variable& variable) const;
    bool add_app_list(const TomlValue& value);
    [[nodiscard]] bool app_is_set() const;
    void check_apps();
    void check_whole_app();
    void add_file_value(const TomlValue& value, const std::string& source);
    void add_assignments(const std::vector<Assignment>& assignments, bool to_listed_app);
    void add_defaults(const std::vector<ServerDefault>& defaults);
    void add_report(FieldReport report);
    void set(std::size_t row, const std::string& text, const std::string& source,
             const std::string& given = {});
    void refuse(std::size_t row, const std::string& text, const std::string& source, std::string_view why);

    Loaded loaded_;
    std::vector<std::string> names_;      // of the table's rows
    std::vector<std::string> variables_;  // likewise
    std::vector<std::string> errors_;
    std::string incomplete_server_;  // the other server whose app needs its id, key and secret; empty: none
    bool app_fields_given_ = false;  // fields of `app` that no row holds
};

}  // namespace parley::config
