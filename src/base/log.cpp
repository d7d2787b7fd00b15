#include "base/log.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <iterator>
#include <memory>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace parley::log {

namespace {

constexpr std::size_t queued_lines_max = 8192;

std::shared_ptr<spdlog::logger> logger;  // set by start() before threads exist, cleared by stop() after
std::atomic<Level> least_level{Level::info};
std::atomic<Format> line_format{Format::text};

std::string_view name_of(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warning:
            return "warning";
        case Level::error:
            return "error";
    }
    return "error";
}

std::string timestamp_now() {
    const auto now = std::chrono::system_clock::now();
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(now), ms);
}

bool needs_quotes(std::string_view text) {
    const auto special = [](char c) {
        return static_cast<std::uint8_t>(c) <= ' ' || c == '"' || c == '=' || c == '\\';
    };
    return text.empty() || std::any_of(text.begin(), text.end(), special);
}

void append_value(std::string& line, Format format, const Field::Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        fmt::format_to(std::back_inserter(line), "{}", *number);
    } else if (const auto* flag = std::get_if<bool>(&value)) {
        line += *flag ? "true" : "false";
    } else {
        // Peers choose some of the text: bytes that are no UTF-8 must not break the line's encoding.
        const auto text = with_valid_utf8(std::get<std::string_view>(value));
        if (format == Format::json || needs_quotes(text)) {
            append_json_string(line, text);
        } else {
            line += text;
        }
    }
}

}  // namespace

std::string format_line(Format format, std::string_view timestamp, Level level, std::string_view event,
                        Fields fields) {
    std::string line;
    if (format == Format::text) {
        fmt::format_to(std::back_inserter(line), "{} {:<7} {}", timestamp, name_of(level), event);
        for (const auto& field : fields) {
            fmt::format_to(std::back_inserter(line), " {}=", field.key);
            append_value(line, format, field.value);
        }
        return line;
    }
    fmt::format_to(std::back_inserter(line), R"({{"time":"{}","level":"{}","event":"{}")", timestamp,
                   name_of(level), event);
    for (const auto& field : fields) {
        fmt::format_to(std::back_inserter(line), ",\"{}\":", field.key);
        append_value(line, format, field.value);
    }
    line += '}';
    return line;
}

void start(Level least, Format format) {
    least_level = least;
    line_format = format;
    // The writing thread takes no signals: one delivered to it would end the process, whoever else waits for
    // it.
    spdlog::init_thread_pool(queued_lines_max, 1, [] {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, nullptr);
    });
    logger = std::make_shared<spdlog::async_logger>(
        "parley", std::make_shared<spdlog::sinks::stderr_sink_mt>(), spdlog::thread_pool(),
        spdlog::async_overflow_policy::overrun_oldest);
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
}

void stop() {
    spdlog::shutdown();  // first, so that the writing thread has ended when its sink goes
    logger.reset();
}

void set_least_level(Level least) { least_level.store(least, std::memory_order_relaxed); }

void set_format(Format format) { line_format.store(format, std::memory_order_relaxed); }

bool enabled(Level level) { return level >= least_level.load(std::memory_order_relaxed); }

void write(Level level, std::string_view event, Fields fields) {
    if (!enabled(level)) return;
    const auto line =
        format_line(line_format.load(std::memory_order_relaxed), timestamp_now(), level, event, fields);
    if (logger) {
        logger->log(spdlog::level::info, line);
    } else {
        std::fprintf(stderr, "%s\n", line.c_str());
    }
}

}  // namespace parley::log
