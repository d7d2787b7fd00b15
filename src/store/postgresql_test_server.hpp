#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <libpq-fe.h>
#include <spawn.h>

#include "store/temporary_folder.hpp"

namespace parley::store::test {

/// A real PostgreSQL server of this test process, started when it is first asked for. A guardian process
/// stops it and removes its files when the test process ends, however it ends. A fresh data folder is copied
/// from a template in the build folder, which the first test makes.
class PostgresqlTestServer {
public:
    static PostgresqlTestServer& instance() {
        static PostgresqlTestServer server;
        return server;
    }

    PostgresqlTestServer(const PostgresqlTestServer&) = delete;
    PostgresqlTestServer& operator=(const PostgresqlTestServer&) = delete;

    ~PostgresqlTestServer() {
        ::close(guardian_input_);
        ::waitpid(guardian_, nullptr, 0);
    }

    [[nodiscard]] std::string url(const std::string& database) const {
        return "postgresql://parley@/" + database + "?host=" + folder_.path().string();
    }

    /// Makes an empty database and returns its name. It is left to the end: dropping one takes a second.
    std::string create_database() {
        const auto name = "test_" + std::to_string(++database_count_);
        command("CREATE DATABASE " + name);
        return name;
    }

    /// For measurements: commits reach the disk, which tests do without.
    void sync_writes() {
        command("ALTER SYSTEM SET fsync = on");
        command("SELECT pg_reload_conf()");
    }

    /// As a crash of the server and its start again.
    void restart() { run_as_owner("pg_ctl restart -w -s -m immediate -D \"$0\" -l \"$0/log\"", data()); }

    void stop() { run_as_owner("pg_ctl stop -w -s -m immediate -D \"$0\"", data()); }
    void start() { run_as_owner("pg_ctl start -w -s -D \"$0\" -l \"$0/log\"", data()); }

    /// Runs a script of the shell with the tools of the server on its path. Throws when it fails.
    static void run(const std::string& script, const std::vector<std::string>& arguments) {
        wait_for(spawn(shell(script, arguments), -1), script);
    }

private:
    PostgresqlTestServer() {
        const auto pattern = template_folder();
        run("cp -a --reflink=auto \"$0\" \"$1\"", {pattern, data()});
        if (::geteuid() == 0) run("chown postgres \"$0\"", {folder_.path().string()});
        run_as_owner(
            "printf \"listen_addresses=''\\nunix_socket_directories='%s'\\n\" \"$1\" >> "
            "\"$0/postgresql.conf\"",
            data(), folder_.path().string());
        start_guardian();
        start();
    }

    [[nodiscard]] std::string data() const { return folder_.path().string() + "/data"; }

    /// The folder of an empty cluster. Power loss is not what these tests are about, so nothing is synced.
    static std::string template_folder() {
        const auto home = build_folder();
        const auto made = (home / "postgresql-template").string();
        const int lock =
            ::open((home / "postgresql-template.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (lock < 0 || ::flock(lock, LOCK_EX) != 0) throw std::runtime_error("no lock in the build folder");
        if (!std::filesystem::exists(made)) {
            const TemporaryFolder fresh;
            const auto data = fresh.path().string() + "/data";
            if (::geteuid() == 0) run("chown postgres \"$0\"", {fresh.path().string()});
            run_as_owner(
                "initdb --no-sync --auth=trust --username=parley --encoding=UTF8 --locale=C.UTF-8 "
                "-D \"$0\" > /dev/null && printf 'fsync=off\\nfull_page_writes=off\\n"
                "shared_buffers=16MB\\nmax_wal_size=64MB\\nautovacuum=off\\n' >> "
                "\"$0/postgresql.conf\"",
                data);
            run("cp -a \"$0\" \"$1.new\" && mv \"$1.new\" \"$1\"", {data, made});
        }
        ::close(lock);
        return made;
    }

    static std::filesystem::path build_folder() {
        const auto own = std::filesystem::read_symlink("/proc/self/exe").parent_path();
        for (auto folder = own; folder != folder.root_path(); folder = folder.parent_path())
            if (std::filesystem::exists(folder / "CMakeCache.txt")) return folder;
        return own;
    }

    /// The guardian's standard input ends with this process.
    void start_guardian() {
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
        guardian_input_ = ends[1];
        guardian_ = spawn(as_owner("read -r _; pg_ctl stop -w -s -m immediate -D \"$0\"; rm -rf \"$1\"",
                                   {data(), folder_.path().string()}),
                          ends[0]);
        ::close(ends[0]);
    }

    template <class... Arguments>
    static void run_as_owner(const std::string& script, const Arguments&... arguments) {
        wait_for(spawn(as_owner(script, {arguments...}), -1), script);
    }

    static std::vector<std::string> shell(const std::string& script,
                                          const std::vector<std::string>& arguments) {
        std::vector<std::string> words = {"sh", "-c", "PATH=/usr/lib/postgresql/15/bin:$PATH; " + script};
        words.insert(words.end(), arguments.begin(), arguments.end());
        return words;
    }

    /// The server refuses to run as root.
    static std::vector<std::string> as_owner(const std::string& script,
                                             const std::vector<std::string>& arguments) {
        auto words = shell(script, arguments);
        if (::geteuid() != 0) return words;
        const std::vector<std::string> before = {"setpriv", "--reuid=postgres", "--regid=postgres",
                                                 "--clear-groups", "--"};
        words.insert(words.begin(), before.begin(), before.end());
        return words;
    }

    /// In a session of its own: what ends the tests from the keyboard shall not end the guardian first.
    static pid_t spawn(std::vector<std::string> words, int input) {
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        if (input >= 0) posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
        posix_spawn_file_actions_addchdir_np(&files, "/");
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
        pid_t child = -1;
        const int error =
            ::posix_spawnp(&child, arguments[0], &files, &attributes, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
        if (error != 0) throw std::runtime_error("cannot run " + words[0]);
        return child;
    }

    static void wait_for(pid_t child, const std::string& script) {
        int status = 0;
        if (::waitpid(child, &status, 0) < 0 || status != 0)
            throw std::runtime_error("PostgreSQL for tests (is the package postgresql installed?): " +
                                     script);
    }

    void command(const std::string& text) const {
        PGconn* const connection = PQconnectdb(url("postgres").c_str());
        PGresult* const result = PQexec(connection, text.c_str());
        const auto status = PQresultStatus(result);
        const bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
        const std::string reason = PQerrorMessage(connection);
        PQclear(result);
        PQfinish(connection);
        if (!done) throw std::runtime_error(reason);
    }

    TemporaryFolder folder_;
    int guardian_input_ = -1;
    pid_t guardian_ = -1;
    int database_count_ = 0;
};

}  // namespace parley::store::test
