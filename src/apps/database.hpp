#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "apps/stored_app.hpp"

namespace parley::apps {

/// What could not be done, as a sentence for people.
using Refusal = std::string;

/// The SQLite file with apps. Used by one thread; several processes may have it open.
class Database {
public:
    /// Opens an existing file to read it.
    [[nodiscard]] static tl::expected<Database, Refusal> open(const std::string& path);

    /// Opens a file to change it; makes one that only its owner may read if there is none.
    [[nodiscard]] static tl::expected<Database, Refusal> open_or_make(const std::string& path);

    ~Database();
    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;

    /// Every app in the order in which they were made.
    [[nodiscard]] tl::expected<std::vector<StoredApp>, Refusal> all();

    /// The app `id`. Refused when there is none, with the nearest id.
    [[nodiscard]] tl::expected<StoredApp, Refusal> find(std::string_view id);

    /// A number that is another one after somebody else has changed the file.
    [[nodiscard]] tl::expected<std::int64_t, Refusal> version();

    /// Adds an app. Refused when another one has its id or its key.
    [[nodiscard]] tl::expected<void, Refusal> insert(const StoredApp& app);

    /// Changes the app `id`, nobody else being between reading and writing. What `edit` refuses is not
    /// written. Returns the app as it is now; refused when there is none.
    using Edit = std::function<tl::expected<void, Refusal>(StoredApp& app)>;
    [[nodiscard]] tl::expected<StoredApp, Refusal> edit(std::string_view id, const Edit& edit);

    /// Removes the app `id`. Refused when there is none.
    [[nodiscard]] tl::expected<void, Refusal> erase(std::string_view id);

private:
    struct State;
    explicit Database(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace parley::apps
