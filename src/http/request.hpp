#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

/// One header field: the name as it was sent, the value without space around it.
struct Header {
    std::string_view name;
    std::string_view value;
};

struct Request;

/// Tells where the requests of one connection come from. Asked only when somebody wants to know.
class RequestOrigin {
public:
    /// Address of the connection's peer, without its port; "unknown" when it has none.
    virtual std::string peer_address() = 0;

    /// Address of the client of `request` as proxies that are trusted tell it. Empty: the peer is the client.
    virtual std::optional<std::string> forwarded_for(const Request& request) = 0;

protected:
    ~RequestOrigin() = default;
};

/// One request as it was received. Everything is borrowed and valid during the call that it is given to.
struct Request {
    std::string_view method;  // case-sensitive (RFC 9110, section 9.1)
    std::string_view target;  // as sent, absolute-form included
    std::string_view
        path;  // before `?`, without scheme and authority, still percent-encoded; "*" only of OPTIONS
    std::string_view query;  // behind the first `?`, still percent-encoded
    int minor_version = 1;   // of HTTP/1.x: 0 or 1
    std::vector<Header> headers;
    std::string_view body;            // without chunk framing
    RequestOrigin* origin = nullptr;  // null: unknown

    /// Where it comes from, for logs and for counting: the address of the connection's peer, or of the client
    /// that trusted proxies name. Grants nothing: who passes through a proxy on this machine may seem local.
    [[nodiscard]] std::string client_address() const;

    /// That address if trusted proxies name it; empty when it is the peer's own.
    [[nodiscard]] std::optional<std::string> forwarded_for() const;

    /// Value of the first field with this name; letter case does not matter.
    [[nodiscard]] std::optional<std::string_view> find_header(std::string_view name) const;

    /// Whether the comma-separated lists of all fields with this name contain `token`; letter case does not
    /// matter (RFC 9110, section 5.6.1).
    [[nodiscard]] bool header_has_token(std::string_view name, std::string_view token) const;
};

/// Whether `text` is a token, as methods and the names of fields are (RFC 9110, section 5.6.2).
[[nodiscard]] bool is_token(std::string_view text);

/// Whether the comma-separated `list` contains `token`; letter case does not matter.
[[nodiscard]] bool list_has_token(std::string_view list, std::string_view token);

/// `text` without spaces and tabs at its ends (RFC 9110, section 5.6.3).
[[nodiscard]] std::string_view trim_space(std::string_view text);

}  // namespace parley::http
