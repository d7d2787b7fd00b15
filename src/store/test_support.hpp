#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "store/postgresql_test_server.hpp"
#include "store/store.hpp"
#include "store/temporary_folder.hpp"

namespace parley::store::test {

/// What a suite over a store runs against:
///
///     class AccountsTest : public testing::TestWithParam<store::Dialect> {
///     protected:
///         store::test::FreshStore store_{GetParam()};
///     };
///     INSTANTIATE_TEST_SUITE_P(Databases, AccountsTest, testing::ValuesIn(store::test::databases()),
///                              store::test::name_of_database);
inline std::vector<Dialect> databases() { return {Dialect::sqlite, Dialect::postgresql}; }

/// The end of the names of such tests: `sqlite` or `postgresql`.
inline std::string name_of_database(const testing::TestParamInfo<Dialect>& info) {
    return info.param == Dialect::sqlite ? "sqlite" : "postgresql";
}

/// An empty database, without a schema even. Gone with the object, of PostgreSQL with the test process.
class FreshDatabase {
public:
    explicit FreshDatabase(Dialect dialect) : url_("sqlite:" + (folder_.path() / "test.db").string()) {
        if (dialect == Dialect::sqlite) return;
        auto& server = PostgresqlTestServer::instance();
        url_ = server.url(server.create_database());
    }
    [[nodiscard]] const std::string& url() const { return url_; }

    /// Opens it, in its latest schema. `options` may leave the URL out.
    [[nodiscard]] std::unique_ptr<Store> open(Options options = {}) const {
        options.url = url_;
        auto store = Store::open(options);
        if (!store) throw std::runtime_error(store.error().message);
        return std::move(*store);
    }

private:
    TemporaryFolder folder_;
    std::string url_;
};

/// A store over an empty database in its latest schema, used like a pointer to it.
class FreshStore {
public:
    explicit FreshStore(Dialect dialect, Options options = {})
        : database_(dialect), store_(database_.open(std::move(options))) {}

    Store* operator->() const { return store_.get(); }
    Store& operator*() const { return *store_; }
    [[nodiscard]] const FreshDatabase& database() const { return database_; }

    /// Closes the store and opens it again, as a restart of the program does.
    void reopen(Options options = {}) {
        store_.reset();
        store_ = database_.open(std::move(options));
    }

private:
    FreshDatabase database_;
    std::unique_ptr<Store> store_;
};

}  // namespace parley::store::test
