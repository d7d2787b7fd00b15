// The reader of .env files: what it accepts can be written down again and is read as the same. The variables
// then go through the takeover of other servers' settings, whose sentences must be whole.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "base/text.hpp"
#include "config/env_file.hpp"
#include "config/takeover.hpp"

namespace {

using namespace parley;
using namespace parley::config;

std::optional<std::string> nothing(std::string_view /*name*/) { return std::nullopt; }

/// `value` in double quotes, so that it is read as it is.
std::string quoted(std::string_view value) {
    std::string text = "\"";
    for (const char c : value) {
        if (c == '\r') {
            text += "\\r";
            continue;
        }
        if (c == '"' || c == '\\' || c == '$') text += '\\';
        text += c;
    }
    return text + '"';
}

void check_sentences(const std::vector<std::string>& sentences) {
    for (const auto& sentence : sentences)
        PARLEY_CHECK(sentence.ends_with('.') || sentence.ends_with('?'), "a sentence has an end");
}

void check_variables(const std::vector<EnvVariable>& variables) {
    std::vector<Variable> given;
    std::uint32_t line = 0;
    for (const auto& variable : variables) {
        PARLEY_CHECK(!variable.name.empty(), "every variable has a name");
        PARLEY_CHECK(variable.text.size() <= env_value_bytes_max, "no value is too long");
        PARLEY_CHECK(variable.line > line, "variables come in the order of their lines");
        line = variable.line;
        const auto again = read_env(variable.name + '=' + quoted(variable.text), nothing);
        PARLEY_CHECK(again && again->size() == 1 && again->front().name == variable.name &&
                         again->front().text == variable.text,
                     "a quoted value is read as it is");
        given.push_back({variable.name, variable.text, ".env", variable.line});
    }
    const auto takeover = take_over({.variables = given});
    check_sentences(takeover.errors);
    check_sentences(takeover.warnings);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto variables = read_env(text, nothing);
    if (variables) {
        check_variables(*variables);
    } else {
        PARLEY_CHECK(variables.error().line > 0 && !variables.error().reason.empty(), "an error has a place");
    }
    return 0;
}
