#include "chat/search_moment.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "base/text.hpp"

namespace parley::chat {

namespace {

/// Reads from the front of a text; once something did not fit, nothing does.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    /// Exactly `count` digits.
    int digits(std::size_t count) {
        const auto text = rest_.substr(0, count);
        const auto value = text.size() == count ? parse_decimal(text) : std::nullopt;
        fits_ = fits_ && value;
        rest_.remove_prefix(text.size());
        return static_cast<int>(value.value_or(0));
    }
    /// Whether the next character is `c`, which is taken then.
    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(char c) { fits_ = take(c) && fits_; }
    /// One to three digits of a fraction of a second, in milliseconds; further ones are dropped.
    int fraction_ms() {
        const auto count = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
        fits_ = fits_ && count > 0 && count <= 9;
        auto text = std::string(rest_.substr(0, std::min<std::size_t>(count, 3)));
        text.resize(3, '0');
        rest_.remove_prefix(count);
        return static_cast<int>(parse_decimal(text).value_or(0));
    }
    [[nodiscard]] bool fits() const { return fits_; }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
    bool fits_ = true;
};

/// What the time of day after the `T` adds, in milliseconds; empty when it is none.
std::optional<Moment> read_time(Reader& reader) {
    const auto hour = reader.digits(2);
    reader.expect(':');
    const auto minute = reader.digits(2);
    int second = 0;
    int fraction_ms = 0;
    if (reader.take(':')) {
        second = reader.digits(2);
        if (reader.take('.')) fraction_ms = reader.fraction_ms();
    }
    int offset_minutes = 0;
    if (!reader.take('Z')) {
        const auto sign = reader.take('-') ? -1 : 1;
        if (sign > 0) reader.expect('+');
        const auto offset_hour = reader.digits(2);
        reader.expect(':');
        const auto offset_minute = reader.digits(2);
        if (offset_hour > 23 || offset_minute > 59) return std::nullopt;
        offset_minutes = sign * (offset_hour * 60 + offset_minute);
    }
    if (hour > 23 || minute > 59 || second > 60) return std::nullopt;  // 60: a leap second
    return ((hour * 60 + minute - offset_minutes) * 60 + second) * Moment{1'000} + fraction_ms;
}

}  // namespace

std::optional<Moment> parse_moment(std::string_view text) {
    Reader reader(text);
    const auto year = reader.digits(4);
    reader.expect('-');
    const auto month = reader.digits(2);
    reader.expect('-');
    const auto day = reader.digits(2);
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!reader.fits() || !date.ok()) return std::nullopt;
    const Moment midnight = std::chrono::sys_days(date).time_since_epoch().count() * Moment{86'400'000};
    if (reader.at_end()) return midnight;
    reader.expect('T');
    const auto time = read_time(reader);
    if (!time || !reader.fits() || !reader.at_end()) return std::nullopt;
    return midnight + *time;
}

}  // namespace parley::chat
