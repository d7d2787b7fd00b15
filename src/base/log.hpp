#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace parley::log {

enum class Level : std::uint8_t { debug, info, warning, error };

/// How lines look: for people on a terminal, or one JSON object a line for machines.
enum class Format : std::uint8_t { text, json };

/// One key with its value. Never put a secret, a token or a signature into one.
struct Field {
    using Value = std::variant<std::string_view, std::int64_t, bool>;

    Field(std::string_view field_key, std::string_view text) : key(field_key), value(text) {}
    Field(std::string_view field_key, const char* text) : key(field_key), value(std::string_view(text)) {}
    Field(std::string_view field_key, const std::string& text)
        : key(field_key), value(std::string_view(text)) {}
    Field(std::string_view field_key, bool flag) : key(field_key), value(flag) {}
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    Field(std::string_view field_key, Integer number)
        : key(field_key), value(static_cast<std::int64_t>(number)) {}

    std::string_view key;
    Value value;
};

using Fields = std::initializer_list<Field>;

/// Starts logging to standard error through a bounded queue and one writer thread; when the queue is full the
/// oldest lines go. Call once, before threads start. Before it, lines are written directly, as text.
void start(Level least, Format format);

/// Changes which lines are written. Thread-safe.
void set_least_level(Level least);

/// Changes how the lines look that are written from now on. Thread-safe.
void set_format(Format format);

/// Writes what is queued and ends the writer thread. Call after the last thread that logs has ended.
void stop();

/// Whether lines of this level are written: to be asked before a field costs more than a number. Thread-safe.
[[nodiscard]] bool enabled(Level level);

/// Writes one line. `event` is a stable name in snake_case that operators may search for. Thread-safe.
void write(Level level, std::string_view event, Fields fields);

inline void debug(std::string_view event, Fields fields = {}) { write(Level::debug, event, fields); }
inline void info(std::string_view event, Fields fields = {}) { write(Level::info, event, fields); }
inline void warning(std::string_view event, Fields fields = {}) { write(Level::warning, event, fields); }
inline void error(std::string_view event, Fields fields = {}) { write(Level::error, event, fields); }

/// One line without its end, as `write` makes it; `timestamp` is already formatted. Pure.
[[nodiscard]] std::string format_line(Format format, std::string_view timestamp, Level level,
                                      std::string_view event, Fields fields);

}  // namespace parley::log
