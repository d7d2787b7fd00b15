#include "api/refusal.hpp"

#include "base/utf8.hpp"
#include "json/writer.hpp"

namespace parley::api {

http::Response refusal_response(const Refusal& refusal, std::string_view told) {
    std::string body;
    json::Writer writer(body);
    writer.begin_object().name("error").string(with_valid_utf8(told));
    writer.name("code").number(refusal.status);
    writer.name("reason").string(name_of(refusal.code)).end_object();
    auto response = http::json_response(refusal.status, std::move(body));
    response.headers = refusal.headers;
    return response;
}

}  // namespace parley::api
