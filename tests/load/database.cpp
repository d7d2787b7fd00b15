#include "database.hpp"

#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include "base/clock.hpp"
#include "chat/companies.hpp"
#include "store/postgresql_test_server.hpp"

namespace parley::load {

namespace {

using Postgresql = store::test::PostgresqlTestServer;

std::filesystem::path make_folder(const std::filesystem::path& parent) {
    auto pattern = (parent / "parley-load-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
        throw std::runtime_error("cannot make a folder in " + parent.string());
    return pattern;
}

/// The server for tests forgoes what slows tests down. Here it shall be like one that is in use.
std::string start_postgresql() {
    auto& server = Postgresql::instance();
    server.sync_writes();
    Postgresql::run(
        "for setting in full_page_writes=on autovacuum=on shared_buffers=\"'256MB'\" max_wal_size=\"'2GB'\"; "
        "do "
        "psql -q -d \"$0\" -c \"ALTER SYSTEM SET $setting\"; done",
        {server.url("postgres")});
    server.restart();
    return server.url(server.create_database());
}

}  // namespace

Database::Database(store::Dialect dialect, const std::filesystem::path& parent)
    : folder_(make_folder(parent)), dialect_(dialect) {
    url_ =
        dialect == store::Dialect::sqlite ? "sqlite:" + (folder_ / "load.db").string() : start_postgresql();
}

Database::~Database() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::unique_ptr<store::Store> Database::open() const {
    store::Options options;
    options.url = url_;
    auto store = store::Store::open(options);
    if (!store) throw std::runtime_error(store.error().message);
    const auto made = (*store)->write_and_wait([](store::Transaction& transaction) {
        const chat::Policy policy;
        chat::Change change(transaction, policy, SystemClock().unix_ms(), "");
        chat::ensure_home_company(change);
        return store::Nothing{};
    });
    if (!made) throw std::runtime_error("the database could not be written to");
    return std::move(*store);
}

void Database::analyze() const {
    if (dialect_ == store::Dialect::postgresql)
        Postgresql::run("psql -q -d \"$0\" -c 'VACUUM ANALYZE'", {url_});
}

}  // namespace parley::load
