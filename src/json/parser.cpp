#include "json/parser.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <type_traits>

#include <simdjson.h>

#include "json/opaque_values.hpp"
#include "json/raw_scanner.hpp"

namespace parley::json {

namespace {

using Element = simdjson::dom::element;

// The memory of a document larger than this is kept until the next one is read, not longer.
constexpr std::size_t kept_capacity_max = 1U << 20U;

Type type_of(const Element& element, std::string_view raw) {
    switch (element.type()) {
        case simdjson::dom::element_type::OBJECT:
            return Type::object;
        case simdjson::dom::element_type::ARRAY:
            return Type::array;
        case simdjson::dom::element_type::STRING:
            return Type::string;
        case simdjson::dom::element_type::INT64:
        case simdjson::dom::element_type::UINT64:
            return Type::integer;
        case simdjson::dom::element_type::DOUBLE:
            // An integer beyond 64 bits was hidden as a fraction.
            return raw.find_first_of(".eE") == std::string_view::npos ? Type::integer : Type::fraction;
        case simdjson::dom::element_type::BOOL:
            return Type::boolean;
        case simdjson::dom::element_type::NULL_VALUE:
            break;
    }
    return Type::null;
}

ParseError error_of(simdjson::error_code code) {
    if (code == simdjson::DEPTH_ERROR) return ParseError::too_deep;
    if (code == simdjson::NUMBER_ERROR || code == simdjson::NUMBER_OUT_OF_RANGE)
        return ParseError::bad_number;
    return ParseError::invalid;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

}  // namespace

std::string_view describe(ParseError error) {
    switch (error) {
        case ParseError::invalid:
            return "not valid JSON in UTF-8";
        case ParseError::too_deep:
            return "JSON nested too deeply (limits.max_json_depth)";
        case ParseError::bad_number:
            return "JSON with a malformed number";
    }
    return "not valid JSON";
}

std::optional<std::string_view> Value::as_string() const {
    if (type_ != Type::string) return std::nullopt;
    return text_;
}

struct Parser::State {
    explicit State(std::size_t depth) : depth_max(depth) {}

    void make_room(std::size_t text_size) {
        if (text_size <= capacity && capacity <= kept_capacity_max) return;
        capacity = std::max<std::size_t>(text_size, 4'096);
        dom = simdjson::dom::parser(simdjson::SIMDJSON_MAXSIZE_BYTES);
        padded = std::vector<char>(capacity + simdjson::SIMDJSON_PADDING);
        original = std::string();  // an assigned "" would keep its memory
        // simdjson counts the outermost value as a level of its own.
        allocated = dom.allocate(capacity, depth_max + 1) == simdjson::SUCCESS;
    }

    simdjson::error_code read(std::size_t text_size, Element& root) {
        return dom.parse(padded.data(), text_size, false).get(root);
    }

    static Value wrap(const Element& element, std::string_view raw) {
        static_assert(std::is_trivially_copyable_v<Element> && sizeof(Element) == sizeof(Value::element_));
        Value value;
        value.type_ = type_of(element, raw);
        value.raw_ = raw;
        if (value.type_ == Type::string) value.text_ = element.get_string().value_unsafe();
        std::memcpy(value.element_.data(), &element, sizeof element);
        return value;
    }

    static Element unwrap(const Value& value) {
        Element element;
        std::memcpy(static_cast<void*>(&element), value.element_.data(), sizeof element);
        return element;
    }

    std::size_t depth_max;
    std::size_t capacity = 0;
    bool allocated = false;
    simdjson::dom::parser dom;
    std::vector<char> padded;  // the input and simdjson's padding
    std::string original;      // the input, where `padded` had to be changed
};

Parser::Parser(std::size_t depth_max) : state_(std::make_unique<State>(depth_max)) {}
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

void Parser::release_memory() { state_ = std::make_unique<State>(state_->depth_max); }

tl::expected<Value, ParseError> Parser::parse(std::string_view text) {
    auto& state = *state_;
    state.make_room(text.size());
    if (!state.allocated || text.empty()) return tl::unexpected(ParseError::invalid);
    std::memcpy(state.padded.data(), text.data(), text.size());
    std::string_view raw(state.padded.data(), text.size());

    Element root;
    auto error = state.read(text.size(), root);
    const bool may_be_opaque = error == simdjson::NUMBER_ERROR || error == simdjson::STRING_ERROR;
    if (may_be_opaque && hide_opaque_values(std::span(state.padded).first(text.size()))) {
        state.original = text;
        raw = state.original;
        error = state.read(text.size(), root);
    }
    if (error != simdjson::SUCCESS) return tl::unexpected(error_of(error));
    return State::wrap(root, trim(raw));
}

std::vector<Member> Parser::members(const Value& value) {
    std::vector<Member> found;
    if (value.type() != Type::object) return found;
    RawScanner scanner(value.raw());
    const simdjson::dom::object object = State::unwrap(value).get_object().value_unsafe();
    found.reserve(object.size());
    for (const auto field : object)
        found.push_back({field.key, State::wrap(field.value, scanner.next_member_value())});
    return found;
}

std::vector<Value> Parser::elements(const Value& value) {
    std::vector<Value> found;
    if (value.type() != Type::array) return found;
    RawScanner scanner(value.raw());
    for (const auto element : simdjson::dom::array(State::unwrap(value).get_array().value_unsafe()))
        found.push_back(State::wrap(element, scanner.next_element()));
    return found;
}

const Value* find(const std::vector<Member>& members, std::string_view name) {
    const auto last =
        std::find_if(members.rbegin(), members.rend(), [&](const Member& m) { return m.name == name; });
    return last == members.rend() ? nullptr : &last->value;
}

std::string minify(std::string_view raw) {
    std::string text(raw.size(), '\0');
    std::size_t size = 0;
    if (simdjson::minify(raw.data(), raw.size(), text.data(), size) != simdjson::SUCCESS)
        return std::string(raw);
    text.resize(size);
    return text;
}

}  // namespace parley::json
