#pragma once

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/clock.hpp"
#include "chat/change.hpp"
#include "chat/refusal.hpp"
#include "config/load.hpp"
#include "store/store.hpp"

namespace parley::cli {

/// The chat's database for a command, which may run beside a server on the same database.
class Domain {
public:
    /// Opens the database of the settings; prints why when it cannot, and is empty.
    [[nodiscard]] static std::optional<Domain> open(const config::Settings& settings);

    /// Runs `work(chat::Change&)`, which returns a `chat::Result<T>`, in a writing transaction. What it
    /// records stays in the outbox for the server. Prints why when it is refused or fails, and is empty.
    template <class Work>
    auto change(Work work) -> std::optional<typename std::invoke_result_t<Work&, chat::Change&>::value_type> {
        auto outcome = store_->write_and_wait([this, &work](store::Transaction& transaction) {
            chat::Change change(transaction, policy_, clock_.unix_ms(), "");
            return work(change);
        });
        if (!outcome) {
            report("The database could not do it.");
            return std::nullopt;
        }
        if (!*outcome) {
            report(outcome->error().message);
            return std::nullopt;
        }
        return std::move(**outcome);
    }

    [[nodiscard]] store::Store& store() { return *store_; }

private:
    Domain(std::unique_ptr<store::Store> store, chat::Policy policy)
        : store_(std::move(store)), policy_(std::move(policy)) {}

    static void report(const std::string& sentence);

    SystemClock clock_;
    std::unique_ptr<store::Store> store_;
    chat::Policy policy_;
};

}  // namespace parley::cli
