#include "config/field_names.hpp"

#include "base/text.hpp"

namespace parley::config {

std::string to_snake_case(std::string_view name) {
    std::string snake;
    bool after_capital = true;  // no underscore in front of the first
    for (const char c : name) {
        const char lower = to_lower_ascii(c);
        const bool capital = lower != c;
        if (capital && !after_capital && snake.back() != '_') snake += '_';
        snake += c == '-' ? '_' : lower;
        after_capital = capital;
    }
    return snake;
}

}  // namespace parley::config
