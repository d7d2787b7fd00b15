#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace parley::load {

/// What the command line says.
struct Options {
    std::filesystem::path program = {};  // parley
    std::filesystem::path folder = {};   // where databases are made
    bool postgresql = false;
    std::string url = {};  // of a server that runs already; empty: one of our own
    std::string app_key = "app-key";
    std::vector<std::string> server_flags = {};

    double seconds = 10;  // of each measurement
    std::size_t clients = 64;
    double rate = 0;  // messages a second; 0: as fast as answers come
    bool then_half = false;
    std::size_t messages = 1'000'000;
    std::size_t conversations = 1'000;
};

/// The scenarios. Each throws what keeps it from measuring.
void measure_sending(const Options& options);
void measure_reading(const Options& options);
void measure_figures(const Options& options);

}  // namespace parley::load
