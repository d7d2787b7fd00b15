#include "apps/stored_app.hpp"

#include <fmt/format.h>

#include "config/credential.hpp"
#include "config/json_file.hpp"
#include "crypto/random.hpp"

namespace parley::apps {

namespace {

constexpr std::size_t key_bytes = 10;
constexpr std::size_t secret_bytes = 16;
constexpr std::uint64_t id_least = 100'000'000;
constexpr std::uint64_t id_past_most = 1'000'000'000;

std::string random_hex(std::size_t byte_count) {
    std::string hex;
    for (const char byte : crypto::random_bytes(byte_count))
        hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return hex;
}

config::Tree member(std::string name, std::string_view id, std::string_view source) {
    config::Tree tree{.kind = config::Tree::Kind::text, .name = name, .source = std::string(source)};
    tree.path = fmt::format("app '{}': {}", id, name);
    return tree;
}

/// Prepends the app to the paths of its settings.
void place(config::Tree& tree, std::string_view id, std::string_view source) {
    tree.path = tree.path.empty() ? fmt::format("app '{}'", id) : fmt::format("app '{}': {}", id, tree.path);
    tree.source = source;
    for (auto& child : tree.children) place(child, id, source);
}

}  // namespace

std::optional<config::App> read_stored_app(const StoredApp& stored, std::int64_t now_s,
                                           std::string_view source, config::FieldReport& report) {
    const auto errors_before = report.errors.size();
    config::App app;
    app.id = stored.id;
    app.key = stored.key;
    app.name = stored.name;
    app.secret = stored.secret;
    if (now_s < stored.previous_secret_until) app.previous_secret = stored.previous_secret;
    app.enabled = stored.enabled;
    if (!config::is_credential(stored.id))
        report.refuse(member("id", stored.id, source), config::credential_rule(), true);
    if (!config::is_credential(stored.key))
        report.refuse(member("key", stored.id, source), config::credential_rule(), true);
    if (stored.secret.empty())
        report.refuse(member("secret", stored.id, source), "a text that is not empty", true);
    auto settings = config::read_json(stored.settings, source);
    if (!settings) {
        report.refuse_because(member("settings", stored.id, source), "is not JSON", settings.error() + '.');
        return std::nullopt;
    }
    place(*settings, stored.id, source);
    config::read_app_fields(*settings, app, report);
    // Who the app is stands in columns of its own.
    if (app.id != stored.id || app.key != stored.key || app.secret != stored.secret)
        report.refuse_because(*settings, "has credentials",
                              "those belong into the columns id, key and secret.");
    if (report.errors.size() != errors_before) return std::nullopt;
    return app;
}

std::string make_secret() { return random_hex(secret_bytes); }

StoredApp make_stored_app() {
    return {.id = std::to_string(id_least + crypto::random_below(id_past_most - id_least)),
            .key = random_hex(key_bytes),
            .secret = make_secret()};
}

}  // namespace parley::apps
