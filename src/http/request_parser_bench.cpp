#include <string>

#include <benchmark/benchmark.h>

#include "http/request_parser.hpp"

namespace parley::http {
namespace {

/// A publish as a server SDK sends it, whole in the read buffer.
std::string publish_request() {
    const std::string body = R"({"name":"foo","channels":["project-3"],"data":"{\"some\":\"data\"}"})";
    return "POST "
           "/apps/3/"
           "events?body_md5=ec365a775a4cd0599faeb73354201b6f&auth_version=1.0&auth_key=278d425bdf160c739803"
           "&auth_timestamp=1353088179&auth_signature="
           "da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c"
           " HTTP/1.1\r\nHost: 127.0.0.1:6001\r\nContent-Type: application/json\r\nX-Pusher-Library: "
           "pusher-http-node 5\r\n"
           "Accept: */*\r\nAccept-Encoding: gzip,deflate\r\nConnection: keep-alive\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

void parse_publish(benchmark::State& state) {
    auto text = publish_request();
    const Limits limits;
    RequestParser parser(limits);
    Request request;
    for (auto _ : state) {
        MutableBytes input(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
        const auto progress = parser.parse(input, request);
        if (!progress || *progress != RequestParser::Progress::complete) {
            state.SkipWithError("the request was not read whole");
            break;
        }
        benchmark::DoNotOptimize(request);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(parse_publish);

}  // namespace
}  // namespace parley::http
