#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "chat/model.hpp"
#include "json/parser.hpp"
#include "json/writer.hpp"

namespace parley::chat {

/// Writes the members of one row's object.
class Facts {
public:
    explicit Facts(std::string& out) : writer_(out) { writer_.begin_object(); }

    Facts& id(std::string_view name, std::int64_t value) {
        writer_.name(name).number(value);
        return *this;
    }
    Facts& optional_id(std::string_view name, const std::optional<std::int64_t>& value) {
        return value ? id(name, *value) : *this;
    }
    Facts& text(std::string_view name, std::string_view value) {
        writer_.name(name).string(value);
        return *this;
    }
    Facts& ids(std::string_view name, const std::vector<Id>& values) {
        writer_.name(name).begin_array();
        for (const auto value : values) writer_.number(value);
        writer_.end_array();
        return *this;
    }
    Facts& texts(std::string_view name, const std::vector<std::string>& values) {
        writer_.name(name).begin_array();
        for (const auto& value : values) writer_.string(value);
        writer_.end_array();
        return *this;
    }
    template <class Enum>
    Facts& words(std::string_view name, const std::vector<Enum>& values) {
        writer_.name(name).begin_array();
        for (const auto value : values) writer_.string(word(value));
        writer_.end_array();
        return *this;
    }
    void end() { writer_.end_object(); }

private:
    json::Writer writer_;
};

/// Reads them again. What is missing or of another type is noted in `ok` and reads as nothing.
class FactsReader {
public:
    FactsReader(json::Parser& parser, std::vector<json::Member> members)
        : parser_(parser), members_(std::move(members)) {}

    std::int64_t id(std::string_view name) {
        const auto value = optional_id(name);
        ok_ = ok_ && value;
        return value.value_or(0);
    }
    std::optional<std::int64_t> optional_id(std::string_view name) {
        const auto* value = json::find(members_, name);
        return value == nullptr ? std::nullopt : integer(*value);
    }
    std::string text(std::string_view name) {
        const auto* value = json::find(members_, name);
        return value == nullptr ? missing() : text_of(*value);
    }
    std::vector<Id> ids(std::string_view name) {
        std::vector<Id> values;
        for (const auto& element : elements(name)) values.push_back(integer(element).value_or(0));
        return values;
    }
    std::vector<std::string> texts(std::string_view name) {
        std::vector<std::string> values;
        for (const auto& element : elements(name)) values.push_back(text_of(element));
        return values;
    }
    template <class Enum>
    Enum word_of(std::string_view name) {
        return value_of<Enum>(text(name));
    }
    template <class Enum>
    std::vector<Enum> words_of(std::string_view name) {
        std::vector<Enum> values;
        for (const auto& element : elements(name)) values.push_back(value_of<Enum>(text_of(element)));
        return values;
    }
    [[nodiscard]] bool ok() const { return ok_; }

private:
    template <class Enum>
    Enum value_of(std::string_view word) {
        const auto value = from_word<Enum>(word);
        ok_ = ok_ && value;
        return value.value_or(Enum{});
    }
    std::string missing() {
        ok_ = false;
        return {};
    }
    std::optional<std::int64_t> integer(const json::Value& value) {
        auto number = value.type() == json::Type::integer ? parse_integer(value.raw()) : std::nullopt;
        ok_ = ok_ && number;
        return number;
    }
    std::string text_of(const json::Value& value) {
        const auto text = value.as_string();
        return text ? std::string(*text) : missing();
    }
    std::vector<json::Value> elements(std::string_view name) {
        const auto* value = json::find(members_, name);
        if (value != nullptr && value->type() == json::Type::array) return parser_.elements(*value);
        ok_ = false;
        return {};
    }

    json::Parser& parser_;
    std::vector<json::Member> members_;
    bool ok_ = true;
};

}  // namespace parley::chat
