// What clients and publishers send, read by every parser of the Pusher protocol. Checks what must hold for
// any input.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/check.hpp"
#include "base/utf8.hpp"
#include "pusher/channel_name.hpp"
#include "pusher/client_message.hpp"
#include "pusher/presence_data.hpp"
#include "pusher/quote.hpp"
#include "pusher/request_signature.hpp"
#include "pusher/server_message.hpp"
#include "pusher/user_data.hpp"

namespace {

using namespace parley;
using namespace parley::pusher;

constexpr std::size_t depth_max = 32;

/// Whether `message` is JSON whose member `data` decodes to `data`.
bool carries(std::string_view message, std::string_view data) {
    static json::Parser parser(depth_max);
    const auto root = parser.parse(message);
    if (!root) return false;
    const auto members = parser.members(*root);
    const auto* const found = json::find(members, "data");
    return found != nullptr && found->as_string() == data;
}

void read_client_message(std::string_view text) {
    static ClientMessageReader reader(depth_max);
    const auto message = reader.read(text);
    if (const auto* event = std::get_if<ClientEvent>(&message))
        PARLEY_CHECK(carries(event_message(event->name, event->channel, event->data), event->data),
                     "a client event must arrive as it was sent");
    if (const auto* refusal = std::get_if<Refusal>(&message))
        PARLEY_CHECK(is_valid_utf8(refusal->sentence), "what is answered must be UTF-8");
}

void read_presence_data(std::string_view text) {
    static json::Parser parser(depth_max);
    const auto data = parse_presence_data(parser, text);
    if (!data) return;
    PARLEY_CHECK(!data->user_id.empty() && data->user_id.size() <= user_id_bytes_max,
                 "an id has 1 to 128 bytes");
    const std::array members = {MemberView{data->user_id, data->user_info}};
    const auto message = presence_succeeded_message("presence-x", members);
    const auto root = parser.parse(message);
    PARLEY_CHECK(root.has_value(), "the list of members must be JSON");
    const auto list = std::string(json::find(parser.members(*root), "data")->as_string().value());
    // Nested two levels deeper than in channel_data, so that the depth of this parser is another one.
    static json::Parser inner(depth_max + 2);
    PARLEY_CHECK(inner.parse(list).has_value(), "the list of members must hold JSON");
}

void read_user_data(std::string_view text) {
    static json::Parser parser(depth_max);
    constexpr std::size_t watchlist_max = 3;
    const auto user = parse_user_data(parser, text, watchlist_max);
    if (!user) return;
    PARLEY_CHECK(!user->id.empty() && count_code_points(user->id) <= user_id_characters_max,
                 "an id has 1 to 128 characters");
    PARLEY_CHECK(user->watchlist.size() <= watchlist_max && user->watchlist.size() <= user->watchlist_size,
                 "a watchlist is cut short");
    const std::vector<std::string_view> watched(user->watchlist.begin(), user->watchlist.end());
    for (const auto& message : {signin_success_message(text), watchlist_events_message(watched, watched)})
        PARLEY_CHECK(parser.parse(message).has_value(), "what is answered must be JSON");
}

void read_names(std::string_view text) {
    if (check_channel_name(text, 200))
        PARLEY_CHECK(text.size() <= 200 && is_valid_utf8(text), "a name is short ASCII");
    static_cast<void>(classify(text));
    static_cast<void>(user_of_server_to_user_channel(text));
    PARLEY_CHECK(is_valid_utf8(quote(text)), "a quotation must be UTF-8");
    const auto id = parse_socket_id(text);
    PARLEY_CHECK(!id || to_string(*id) == text, "a socket id is written as it was read");
}

void read_request(std::string_view text) {
    static crypto::HmacSha256 hmac("secret");
    const Credentials credentials{"key", hmac};
    if (const auto query = Query::parse(text)) {
        const auto verified = verify_request({"POST", text, text, "/prefix"}, *query, credentials, {0, 600});
        PARLEY_CHECK(verified || is_valid_utf8(verified.error().sentence), "what is answered must be UTF-8");
    }
    const std::array parameters = {QueryParameter{std::string(text.substr(0, text.size() / 2)),
                                                  std::string(text.substr(text.size() / 2))}};
    const auto sent = signed_query(credentials, "POST", "/apps/3/events", parameters, text, 7);
    if (!sent) return;
    const auto query = Query::parse(*sent);
    PARLEY_CHECK(query && verify_request({"POST", "/apps/3/events", text, ""}, *query, credentials, {7, 600}),
                 "what our client signs, our server accepts");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto text = as_text({bytes, size});
    read_client_message(text);
    read_presence_data(text);
    read_user_data(text);
    read_names(text);
    read_request(text);
    return 0;
}
