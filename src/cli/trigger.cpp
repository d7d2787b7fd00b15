#include "cli/trigger.hpp"

#include <memory>

#include <curl/curl.h>
#include <fmt/format.h>

#include "base/check.hpp"
#include "base/clock.hpp"
#include "base/utf8.hpp"
#include "cli/base_url.hpp"
#include "cli/curl_handle.hpp"
#include "cli/exit_status.hpp"
#include "cli/printable.hpp"
#include "config/apps.hpp"
#include "crypto/hmac.hpp"
#include "json/parser.hpp"
#include "json/writer.hpp"
#include "pusher/request_signature.hpp"

namespace parley::cli {

namespace {

constexpr long answer_timeout_ms = 30'000;

struct Answer {
    long status = 0;
    std::string body;
};

/// The error is libcurl's own sentence.
tl::expected<Answer, std::string> post_json(const std::string& url, const std::string& body) {
    const auto curl = make_curl(url);
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
        curl_slist_append(curl_slist_append(nullptr, "Content-Type: application/json"), "Expect:"),
        &curl_slist_free_all);
    if (!curl || !headers) return tl::unexpected(std::string("out of memory"));
    Answer answer;
    curl_easy_setopt(curl.get(), CURLOPT_PATH_AS_IS, 1L);  // the path is signed as it stands
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, answer_timeout_ms);
    gather_body(curl, answer.body);
    const auto result = curl_easy_perform(curl.get());
    if (result != CURLE_OK) return tl::unexpected(std::string(curl_easy_strerror(result)));
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
}

}  // namespace

std::string publish_body(const Trigger& command) {
    std::string body;
    json::Writer writer(body);
    writer.begin_object().name("name").string(command.event).name("channels").begin_array();
    for (const auto& channel : command.channels) writer.string(channel);
    writer.end_array().name("data").string(command.data);
    if (!command.socket_id.empty()) writer.name("socket_id").string(command.socket_id);
    writer.end_object();
    return body;
}

std::string refusal_sentence(long status, std::string_view body) {
    json::Parser parser(json_depth_max);
    if (const auto root = parser.parse(body)) {
        const auto members = parser.members(*root);
        const auto* error = json::find(members, "error");
        if (error != nullptr && error->as_string())
            return fmt::format("{} ({})", *error->as_string(), status);
    }
    const auto first_line = body.substr(0, body.find('\n'));
    return fmt::format("the server answered {}{}{}", status, first_line.empty() ? "" : ": ", first_line);
}

int run(const Trigger& command, const config::Loaded& loaded) {
    const auto& settings = loaded.settings;
    const auto& app = config::main_app(settings);
    const auto url = command.url ? parse_base_url(*command.url) : local_url(settings);
    if (!url) return fail(wrong_usage, url.error());
    const auto body = publish_body(command);
    if (!is_valid_utf8(body)) return fail(wrong_usage, "channel, event and data must be UTF-8.");

    const auto path = fmt::format("{}/apps/{}/events", url->path, app.id);
    crypto::HmacSha256 hmac(app.secret);
    const auto query =
        pusher::signed_query({app.key, hmac}, "POST", path, {}, body, SystemClock().unix_ms() / 1000);
    PARLEY_CHECK(query, "without parameters none is given twice");
    const auto target = fmt::format("{}/apps/{}/events?{}", http_url(*url), app.id, *query);
    const auto answer = post_json(target, body);
    if (!answer) return fail(failure, fmt::format("{}: {}.", http_url(*url), answer.error()));
    if (answer->status != 200)
        return fail(failure, printable(refusal_sentence(answer->status, answer->body)));
    return success;
}

}  // namespace parley::cli
