#include "server/tls.hpp"

#include "base/bytes.hpp"
#include "base/log.hpp"
#include "http/response.hpp"

namespace parley::server {

namespace {

/// What somebody is told who speaks plain HTTP to a port with TLS.
std::string answer_without_tls() {
    auto response = http::error_response(
        400, "This port speaks TLS only: use https:// or wss:// in place of http:// or ws://.");
    response.close = true;
    return std::string(as_text(http::encode_response(response, {})->bytes()));
}

}  // namespace

net::TlsOptions tls_options(const config::Settings& settings) {
    return {.certificate_file = settings.tls.certificate,
            .key_file = settings.tls.key,
            .passphrase = settings.tls.passphrase,
            .protocol = "http/1.1",
            .answer_without_tls = answer_without_tls()};
}

tl::expected<std::unique_ptr<net::TlsContext>, std::string> open_tls(const config::Settings& settings,
                                                                     const Clock& clock) {
    if (settings.tls.certificate.empty()) return nullptr;
    auto context = net::TlsContext::open(tls_options(settings), clock);
    if (!context) log::error("start_failed", {{"reason", context.error()}});
    return context;
}

}  // namespace parley::server
