#include "hub/signature_diagnoser.hpp"

namespace parley::hub {

namespace {

// Together some milliseconds of a loop's second.
constexpr std::int64_t diagnoses_per_second_max = 20;
constexpr std::size_t diagnosed_bytes_max = 16'384;

}  // namespace

std::optional<pusher::Diagnosis> SignatureDiagnoser::diagnose(const App& app, const pusher::SuspectAuth& auth,
                                                              json::Parser& parser, std::uint64_t now_ms) {
    if (!affordable(auth.channel.size() + auth.data.value_or("").size(), now_ms)) return std::nullopt;
    return pusher::diagnose(signers_.suspects(app), auth, parser);
}

std::optional<pusher::Diagnosis> SignatureDiagnoser::diagnose(const App& app,
                                                              const pusher::SuspectRequest& request,
                                                              std::uint64_t now_ms) {
    if (!affordable(request.request.path.size() + request.raw_query.size(), now_ms)) return std::nullopt;
    return pusher::diagnose(signers_.suspects(app), request);
}

bool SignatureDiagnoser::affordable(std::size_t bytes, std::uint64_t now_ms) {
    return bytes <= diagnosed_bytes_max && diagnoses_.admit(now_ms, diagnoses_per_second_max);
}

}  // namespace parley::hub
