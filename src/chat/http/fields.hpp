#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "http/form.hpp"
#include "json/parser.hpp"

namespace parley::chat {

/// How long a text may be, in characters (Unicode code points).
struct TextLength {
    std::int64_t least = 0;
    std::int64_t most = 0;
};

/// For fields whose length the domain checks, and for words.
inline constexpr TextLength any_length{.least = 0, .most = std::numeric_limits<std::int64_t>::max()};

/// What a client sent: the members of a JSON object, or the names and values of a form or a query. Reading a
/// field checks it, and what does not fit is collected, so that a client is told of everything at once (422
/// in Laravel's shape and words). A field that is null counts as absent; fields that nobody asks for are
/// ignored. What is returned for a field that does not fit means nothing: ask `ok()` before using it.
///
/// Borrows from the request and from `parser`; lives during a call of a route.
class Fields {
public:
    using Pairs = std::vector<http::FormField>;

    /// Members of the object that `parser` read last.
    Fields(json::Parser& parser, std::vector<json::Member> members)
        : parser_(&parser), members_(std::move(members)) {}

    /// Of equal names the last counts.
    explicit Fields(Pairs pairs) : pairs_(std::move(pairs)) {}

    [[nodiscard]] bool has(std::string_view name) const;

    /// Whether the field was sent as null, where that means something else than absence.
    [[nodiscard]] bool is_null(std::string_view name) const;

    [[nodiscard]] std::string text(std::string_view name, TextLength length);
    [[nodiscard]] std::optional<std::string> optional_text(std::string_view name, TextLength length);

    /// A text, or an integer in its digits: clients make ids of their own of both.
    [[nodiscard]] std::optional<std::string> optional_text_or_integer(std::string_view name,
                                                                      TextLength length);

    [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most);
    [[nodiscard]] std::optional<std::int64_t> optional_integer(std::string_view name, std::int64_t least,
                                                               std::int64_t most);

    /// An integer from 1.
    [[nodiscard]] Id id(std::string_view name);
    [[nodiscard]] std::optional<Id> optional_id(std::string_view name);

    [[nodiscard]] std::optional<bool> optional_boolean(std::string_view name);

    /// An array; empty when absent.
    [[nodiscard]] std::vector<Id> ids(std::string_view name, std::int64_t count_most);
    [[nodiscard]] std::vector<std::string> texts(std::string_view name, TextLength each,
                                                 std::int64_t count_most);

    /// The `limit` of a list: 1 to `most`, `usual` by default.
    [[nodiscard]] std::int64_t limit(std::int64_t most, std::int64_t usual = 50);

    /// Adds a complaint of the caller's own.
    void fail(std::string_view field, std::string message);

    [[nodiscard]] bool ok() const { return errors_.empty(); }

    /// What is wrong with all of them. Only when not `ok`.
    [[nodiscard]] Refusal refusal() const;

private:
    /// One value, whatever it came as.
    struct Found {
        const json::Value* value = nullptr;         // of JSON
        std::optional<std::string_view> text = {};  // of strings, and of everything in a form
    };

    [[nodiscard]] std::optional<Found> find(std::string_view name) const;
    [[nodiscard]] bool require(std::string_view name);
    [[nodiscard]] std::string checked_text(std::string_view name, std::string_view text, TextLength length);
    [[nodiscard]] static std::optional<std::int64_t> integer_of(const Found& found);
    [[nodiscard]] std::optional<std::vector<Found>> elements(std::string_view name, std::int64_t count_most,
                                                             std::vector<json::Value>& values);

    json::Parser* parser_ = nullptr;
    std::vector<json::Member> members_;
    Pairs pairs_;
    std::vector<FieldError> errors_;
};

}  // namespace parley::chat
