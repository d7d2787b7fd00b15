#include "http/service.hpp"

#include "base/log.hpp"

namespace parley::http {

Response Service::refuse(const RequestError& error, std::string_view peer) {
    log::info("http_request_refused", {{"status", error.status}, {"reason", error.message}, {"peer", peer}});
    return error_response(error.status, error.message);
}

}  // namespace parley::http
