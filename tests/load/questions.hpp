#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "latencies.hpp"
#include "site.hpp"

namespace parley::load {

/// Something that a person asks again and again.
struct Question {
    std::string token = {};
    std::function<std::string()> next_target = {};         // of each request: path and query
    std::function<void(std::string_view body)> look = {};  // at each answer, after the time was taken
};

/// Has `clients` connections ask, each as soon as it is answered. The first half second is not counted.
/// Throws for an answer that is not 200.
[[nodiscard]] Latencies ask(Site& site, const Question& question, std::size_t clients, Nanoseconds duration);

}  // namespace parley::load
