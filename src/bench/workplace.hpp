#pragma once

#include "bench/figures.hpp"
#include "bench/layout.hpp"
#include "bench/marker.hpp"
#include "bench/options.hpp"
#include "bench/target.hpp"
#include "crypto/hmac.hpp"
#include "json/parser.hpp"
#include "net/connector.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"

namespace parley::bench {

/// What all threads of a run share; immutable but for `live` and `failure`.
struct RunContext {
    const Options& options;
    const Target& target;
    const Layout& layout;
    const MarkerCodec& markers;
    Live& live;
    Failure& failure;
};

/// What everything of one thread works with. Belongs to its loop.
struct Workplace {
    const RunContext& run;
    std::size_t worker;  // number of the thread
    net::Loop& loop;
    net::Connector& connector;
    net::StreamSet& streams;
    crypto::HmacSha256 hmac;
    json::Parser parser;
    Window window = {};
    Figures figures = {};
    bool stopping = false;  // what ends now was ended by us

    /// Counts what the server did not accept.
    void note_refusal(std::string_view sentence) {
        ++figures.refused;
        if (figures.first_refusal.empty()) figures.first_refusal = sentence;
    }
};

}  // namespace parley::bench
