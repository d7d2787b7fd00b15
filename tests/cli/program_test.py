#!/usr/bin/env python3
"""Runs the program as people do: commands against a server, exit statuses and what is printed.

usage: program_test.py PATH_OF_PARLEY
"""

import json
import os
import queue
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

PARLEY = "parley"
DEADLINE_SECONDS = 30
SOMEWHERE = tempfile.TemporaryDirectory(prefix="parley-cli-")  # databases are made where a server runs
ROOT = Path(__file__).resolve().parents[2]


def clean_environment(changes):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    return {**kept, **changes}


def run(*arguments, environment=None, typed="", folder=None):
    return subprocess.run([PARLEY, *arguments], env=clean_environment(environment or {}),
                          cwd=folder or SOMEWHERE.name, text=True, input=typed, capture_output=True,
                          timeout=DEADLINE_SECONDS)


class Running:
    """A program at work, whose output is waited for line by line."""

    def __init__(self, *arguments, stream, folder=None):
        self.process = subprocess.Popen([PARLEY, *arguments], env=clean_environment({}),
                                        cwd=folder or SOMEWHERE.name, text=True, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.lines = queue.Queue()
        self.followed = getattr(self.process, stream)
        self.reader = threading.Thread(target=self.follow, daemon=True)
        self.reader.start()

    def follow(self):
        for line in self.followed:
            self.lines.put(json.loads(line))

    def wait_for(self, wanted):
        """The next line for which `wanted` is true."""
        while True:
            line = self.lines.get(timeout=DEADLINE_SECONDS)
            if wanted(line):
                return line

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.status()

    def status(self):
        status = self.process.wait(timeout=DEADLINE_SECONDS)
        self.reader.join(timeout=DEADLINE_SECONDS)
        return status

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.reader.join(timeout=DEADLINE_SECONDS)
        self.process.stdout.close()
        self.process.stderr.close()


class WithServer(unittest.TestCase):
    def serve(self, *flags, folder=None, wait_for_metrics=False):
        server = self.running("serve", "--host", "127.0.0.1", "--port", "0", "--metrics-port", "0", "--workers", "2",
                              "--log-format", "json", *flags, stream="stderr", folder=folder)
        if wait_for_metrics:  # before the other line
            server.metrics_port = server.wait_for(lambda line: line["event"] == "metrics_listening")["port"]
        port = server.wait_for(lambda line: line["event"] == "listening")["port"]
        return server, str(port)

    def running(self, *arguments, stream, folder=None):
        program = Running(*arguments, stream=stream, folder=folder)
        self.addCleanup(program.close)
        return program

    def listen(self, port, *arguments):
        return self.running("listen", "--port", port, *arguments, stream="stdout")


def is_event(name, channel):
    return lambda line: line["event"] == name and line["channel"] == channel


SUBSCRIBED = "pusher_internal:subscription_succeeded"


class Serve(WithServer):
    def test_a_port_that_is_taken_is_an_error(self):
        server, port = self.serve()
        second = run("serve", "--host", "127.0.0.1", "--port", port, "--metrics-port", "0", "--log-format", "json")
        self.assertEqual(second.returncode, 1)
        self.assertIn("in use", second.stderr)
        self.assertEqual(server.end(), 0)

    def test_hanging_up_has_it_read_its_settings_again_unless_its_parent_ignores_that(self):
        server, _ = self.serve()
        server.process.send_signal(signal.SIGHUP)
        server.wait_for(lambda entry: entry.get("event") == "reloaded")
        self.assertEqual(server.end(), 0)

        former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGHUP, former)
        ignoring, port = self.serve()
        ignoring.process.send_signal(signal.SIGHUP)
        self.assertEqual(run("trigger", "--port", port, "-c", "news", "-e", "e", "-d", "x").returncode, 0)
        self.assertEqual(ignoring.end(signal.SIGTERM), 0)


class Commands(WithServer):
    def test_listeners_get_what_is_triggered(self):
        server, port = self.serve()
        listener = self.listen(port, "news", "private-a", "presence-b", "--user-id", "ann", "--user-info", '{"n":1}')
        for channel in ("news", "private-a"):
            listener.wait_for(is_event(SUBSCRIBED, channel))
        members = listener.wait_for(is_event(SUBSCRIBED, "presence-b"))
        self.assertEqual(json.loads(members["data"])["presence"]["hash"], {"ann": {"n": 1}})

        published = run("trigger", "--port", port, "-c", "news", "-c", "private-a", "-e", "hello", "-d", '{"é":"\\""}')
        self.assertEqual((published.returncode, published.stdout, published.stderr), (0, "", ""))
        for channel in ("news", "private-a"):
            event = listener.wait_for(is_event("hello", channel))
            self.assertEqual(event["data"], '{"é":"\\""}')
        self.assertEqual(listener.end(signal.SIGINT), 0)
        self.assertEqual(server.end(), 0)

    def test_a_path_prefix_and_a_url(self):
        _, port = self.serve("--path-prefix", "/ws")
        listener = self.listen("1", "news", "--url", f"ws://127.0.0.1:{port}/ws")
        listener.wait_for(is_event(SUBSCRIBED, "news"))
        published = run("trigger", "--port", port, "--path-prefix", "/ws", "-c", "news", "-e", "e", "-d", "x")
        self.assertEqual((published.returncode, published.stderr), (0, ""))
        self.assertEqual(listener.wait_for(is_event("e", "news"))["data"], "x")

    def test_trigger_says_why_it_was_refused(self):
        _, port = self.serve()
        event = ("trigger", "--port", port, "-e", "e", "-d", "x")
        refused = run(*event, "-c", "news", "--app-secret", "another")
        self.assertEqual(refused.returncode, 1)
        self.assertRegex(refused.stderr, r"^parley: .+ \(401\)\n$")
        self.assertNotIn("another", refused.stderr)
        refused = run(*event, "-c", "no spaces")
        self.assertEqual(refused.returncode, 1)
        self.assertRegex(refused.stderr, r"^parley: .*no spaces.* \(400\)\n$")

    def test_listen_says_why_it_was_refused(self):
        _, port = self.serve()
        refused = run("listen", "--port", port, "news", "--app-key", "another")
        self.assertEqual(refused.returncode, 1)
        self.assertRegex(refused.stderr, r"^parley: .*another.* \(4001\)\n$")
        refused = run("listen", "--port", port, "private-a", "--app-secret", "another")
        self.assertEqual(refused.returncode, 1)
        self.assertRegex(refused.stderr, r"^parley: .*private-a.* \(4009\)\n$")
        refused = run("listen", "--url", f"http://127.0.0.1:{port}/elsewhere", "news")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("404", refused.stderr)

    def test_listen_ends_with_the_server(self):
        server, port = self.serve()
        listener = self.listen(port, "news")
        listener.wait_for(is_event(SUBSCRIBED, "news"))
        self.assertEqual(server.end(), 0)
        self.assertEqual(listener.status(), 1)
        self.assertRegex(listener.process.stderr.read(), r"^parley: .*\(4\d\d\d\)\n$")

    def test_a_server_that_is_not_there(self):
        for command in (("listen", "news"), ("trigger", "-c", "a", "-e", "b", "-d", "c")):
            refused = run(*command, "--port", "1")
            self.assertEqual(refused.returncode, 1)
            self.assertIn("http://127.0.0.1:1", refused.stderr)

    def test_why_nothing_can_be_told(self):
        for arguments, sentence in [
            (["--url", "http://127.0.0.1:1"], "No server answers at http://127.0.0.1:1"),
            (["--metrics-port", "1", "--metrics-host", "127.0.0.1"], "No server answers at http://127.0.0.1:1"),
            (["--metrics-port", "0"], "metrics.port is 0"),
            (["--metrics-enabled=false"], "metrics.enabled is false"),
        ]:
            failed = run("why", *arguments)
            self.assertEqual((failed.returncode, failed.stdout), (1, ""))
            self.assertIn(sentence, failed.stderr)
        for arguments in [["-n", "0"], ["-n", "many"], ["--app", "a b"], ["--url", "nowhere", "more"]]:
            self.assertEqual(run("why", *arguments).returncode, 2, arguments)

    def test_input_that_cannot_be_sent(self):
        for arguments in (("listen", "a", "--user-info", "{"), ("listen", "a", "--url", "localhost")):
            refused = run(*arguments)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""), arguments)
            self.assertTrue(refused.stderr.startswith("parley: "), refused.stderr)


class WithFolder(WithServer):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="parley-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def parley(self, *arguments, typed=""):
        return run(*arguments, typed=typed, folder=self.folder)

    def done(self, *arguments, typed=""):
        result = self.parley(*arguments, typed=typed)
        self.assertEqual((result.returncode, result.stderr), (0, ""), arguments)
        return result.stdout

    def refused(self, *arguments, typed=""):
        result = self.parley(*arguments, typed=typed)
        self.assertEqual((result.returncode, result.stdout), (1, ""), arguments)
        return result.stderr


class Database(WithFolder):
    def ask(self, port, path, token=None, form=None):
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        data = urllib.parse.urlencode(form).encode() if form else None
        with urllib.request.urlopen(request, data, timeout=DEADLINE_SECONDS) as answer:
            return json.load(answer)

    def test_migrating_makes_the_schema_once(self):
        for _ in range(2):
            self.assertRegex(self.done("migrate"), r"^The schema is up to date: version \d+\.\n$")
        database = sqlite3.connect(Path(self.folder, "parley.db"))
        self.assertEqual(database.execute("SELECT count(*) FROM users").fetchone(), (0,))
        database.close()

    def test_a_newer_schema_is_refused(self):
        self.done("migrate")
        database = sqlite3.connect(Path(self.folder, "parley.db"))
        database.execute("PRAGMA user_version = 1000")
        database.close()
        self.assertIn("1000", self.refused("migrate"))
        server = self.parley("serve", "--host", "127.0.0.1", "--port", "0", "--metrics-port", "0", "--log-format", "json")
        self.assertEqual(server.returncode, 1)
        self.assertIn("1000", server.stderr)

    def test_demo_people_can_log_in(self):
        printed = self.done("demo")
        self.assertEqual(printed.count("password parley-demo"), 4)
        _, port = self.serve(folder=self.folder)
        for address in ("ada", "grace", "linus", "margaret"):
            self.assertIn(f"{address}@example.com", printed)
            form = {"email": f"{address}@example.com", "password": "parley-demo"}
            token = self.ask(port, "/api/auth/login", form=form)["token"]
            self.assertGreaterEqual(len(self.ask(port, "/api/chat/conversations", token)["data"]), 1)
        self.assertIn("The demo data is there.", self.done("demo"))

    def test_users_are_made_and_looked_after(self):
        self.assertIn("ann@example.com", self.done("user", "create", "Ann", "ann@example.com", typed="correct horse\n"))
        self.assertIn("taken", self.refused("user", "create", "Ann", "ann@example.com", typed="correct horse\n"))
        self.assertIn("8 characters", self.refused("user", "create", "Bob", "bob@example.com", typed="short\n"))
        _, port = self.serve(folder=self.folder)
        token = self.done("user", "token", "ann@example.com").strip()
        self.assertEqual(self.ask(port, "/api/user", token)["email"], "ann@example.com")
        self.assertIn("is an operator", self.done("user", "operator", "ann@example.com"))
        self.assertIn("no longer", self.done("user", "no-operator", "ann@example.com"))
        self.assertIn("revoked", self.done("user", "password", "ann@example.com", typed="battery staple\n"))
        with self.assertRaises(urllib.error.HTTPError) as refused:
            self.ask(port, "/api/user", token)
        self.assertEqual(refused.exception.code, 401)
        refused.exception.close()
        self.assertIn("not found", self.refused("user", "token", "nobody@example.com"))

    def test_a_backup_is_a_database_of_its_own(self):
        self.done("demo")
        _, port = self.serve(folder=self.folder)
        self.done("backup", "copy.db")
        copy = sqlite3.connect(Path(self.folder, "copy.db"))
        self.assertEqual(copy.execute("SELECT count(*) FROM users").fetchone(), (4,))
        self.assertEqual(copy.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        copy.close()
        self.assertIn("copy.db", self.refused("backup", "copy.db"))

    def test_the_queue(self):
        self.done("migrate")
        self.assertEqual(self.done("queue", "failed"), "No job has failed.\n")
        database = sqlite3.connect(Path(self.folder, "parley.db"))
        database.execute("INSERT INTO jobs (kind, data, attempts, due_at, created_at, failed_at, last_error) "
                         "VALUES ('example', '{}', 5, 0, 0, 1, 'it went wrong')")
        database.commit()
        database.close()
        self.assertRegex(self.done("queue", "failed"), r"1 .*example.*5 tries.*it went wrong")
        self.assertIn("No failed job has the id 7.", self.refused("queue", "retry", "7"))
        self.assertEqual(self.done("queue", "retry", "all"), "1 job is back in the queue.\n")
        self.assertEqual(self.done("queue", "failed"), "No job has failed.\n")
        self.assertRegex(self.done("queue", "monitor"), r"(?m)^example +0 +1 +0 +0 ")

    def test_a_database_that_cannot_be_opened(self):
        nowhere = self.parley("migrate", "--database-url", "sqlite:/nowhere/at/all.db")
        self.assertEqual(nowhere.returncode, 1)
        self.assertIn("/nowhere/at/all.db", nowhere.stderr)


class Apps(WithFolder):
    def refused_usage(self, *arguments, typed=""):
        result = self.parley(*arguments, typed=typed)
        self.assertEqual((result.returncode, result.stdout), (2, ""), arguments)
        return result.stderr

    def create(self, *arguments, typed=""):
        lines = self.done("app", "create", *arguments, typed=typed).splitlines()
        return dict(line.split("=") for line in lines)

    def listed(self):
        return {app["id"]: app for app in json.loads(self.done("app", "list", "--json"))}

    def test_an_app_is_made_and_looked_after(self):
        made = self.create("--id", "shop", "--key", "shop-key", "--name", "The shop", "--secret-from-stdin",
                           typed="a secret\n")
        self.assertEqual(made["REVERB_APP_SECRET"], "a secret")
        self.assertEqual([made["PUSHER_APP_ID"], made["PUSHER_APP_KEY"]], ["shop", "shop-key"])
        self.assertEqual(Path(self.folder, "parley-apps.db").stat().st_mode & 0o777, 0o600)
        self.assertRegex(self.done("app", "list"), r"(?m)^shop +shop-key +enabled +parley-apps.db +The shop$")
        self.done("app", "disable", "shop")
        self.assertFalse(self.listed()["shop"]["enabled"])
        self.done("app", "enable", "shop")
        rotated = self.done("app", "rotate", "shop", "--grace", "60")
        self.assertRegex(rotated, r"(?m)^REVERB_APP_SECRET=[0-9a-f]{32}$")
        self.assertIn("is valid until", rotated)
        self.assertIn("--finish", self.refused("app", "rotate", "shop"))
        self.assertGreater(self.listed()["shop"]["previous_secret_until"], 0)
        self.done("app", "rotate", "shop", "--finish")
        self.assertIsNone(self.listed()["shop"]["previous_secret_until"])
        self.done("app", "delete", "shop")
        self.assertNotIn("shop", self.listed())

    def test_credentials_are_made(self):
        first, second = self.create(), self.create()
        self.assertRegex(first["REVERB_APP_ID"], r"^\d{9}$")
        self.assertRegex(first["REVERB_APP_KEY"], r"^[0-9a-f]{20}$")
        self.assertEqual(len({app["REVERB_APP_SECRET"] for app in (first, second)}), 2)

    def test_limits_are_shown_and_changed(self):
        self.create("--id", "shop")
        self.assertRegex(self.done("app", "limits", "shop"), r"(?m)^max_event_batch_size +10 \(the server's\)$")
        hooks = Path(self.folder, "hooks.json")
        hooks.write_text('[{"url": "https://shop.example.com/hook"}]')
        self.done("app", "limits", "shop", "maxConnections=5", "allowed_origins=a.test,b.test", "--webhooks", str(hooks))
        self.assertEqual(self.listed()["shop"]["settings"], {
            "allowed_origins": ["a.test", "b.test"], "max_connections": 5,
            "webhooks": [{"url": "https://shop.example.com/hook"}]})
        self.assertRegex(self.done("app", "limits", "shop"), r"(?m)^max_connections +5$")
        self.done("app", "limits", "shop", "max_connections=default", "allowed_origins=default", "webhooks=[]")
        self.assertEqual(self.listed()["shop"]["settings"], {})

    def test_mistakes_are_named(self):
        self.assertIn("parley app create makes it", self.refused("app", "disable", "shop"))
        self.create("--id", "shop")
        self.assertIn("did you mean 'shop'?", self.refused("app", "disable", "shp"))
        self.assertIn("the id 'shop' already", self.refused("app", "create", "--id", "shop"))
        self.assertIn("stands in the configuration", self.refused("app", "rotate", "app-id"))
        self.assertIn("it wins", self.refused_usage("app", "create", "--key", "app-key"))
        self.assertIn("letters, digits", self.refused_usage("app", "create", "--id", "a/b"))
        self.assertIn("must not be empty", self.refused_usage("app", "create", "--secret-from-stdin"))
        self.assertIn("did you mean 'max_connections'?", self.refused_usage("app", "limits", "shop", "max_conections=5"))
        self.assertIn("'many' is not allowed", self.refused_usage("app", "limits", "shop", "max_connections=many"))
        self.assertIn("nowhere.json", self.refused_usage("app", "limits", "shop", "--webhooks", "nowhere.json"))

    def test_apps_of_the_file_are_checked(self):
        Path(self.folder, "parley.toml").write_text(
            '[[apps]]\nid = "a"\nkey = "k"\nsecret = "s"\nmax_conections = 5\n'
            '[[apps]]\nid = "b"\nkey = "l"\nsecret = "s"\nwebhooks = [{ lambda_function = "f" }]\n')
        errors = self.refused_usage("serve")
        self.assertIn("parley.toml:5: apps[0].max_conections: unknown; did you mean 'max_connections'?", errors)
        self.assertIn("apps[1].webhooks[0].lambda_function: is not supported; give a url instead", errors)
        Path(self.folder, "parley.toml").write_text(
            '[[apps]]\nid = "a"\nkey = "k"\nsecret = "s"\n[[apps]]\nid = "a"\nkey = "l"\nsecret = "s"\n')
        self.assertIn("Two apps have the id 'a'.", self.refused_usage("serve"))

    def test_a_wrong_row_is_logged_and_the_app_stays_as_it_was(self):
        self.create("--id", "shop")
        server, _ = self.serve("--chat-enabled=false", folder=self.folder)
        database = sqlite3.connect(Path(self.folder, "parley-apps.db"))
        database.execute("UPDATE app SET settings = '{\"max_connections\": \"many\"}'")
        database.commit()
        database.close()
        line = server.wait_for(lambda entry: entry["event"] == "app_refused")
        self.assertIn("max_connections: 'many' is not allowed", line["reason"])
        self.assertIn("The app stays as it was.", line["reason"])
        self.assertEqual(server.end(), 0)


class Settings(unittest.TestCase):
    def test_wrong_settings_are_all_reported_and_nothing_starts(self):
        refused = run("serve", "--port", "x", environment={"PARLEY_WORKRS": "2", "PARLEY_APP_KEY": "a:b"})
        self.assertEqual(refused.returncode, 2)
        self.assertEqual(len(refused.stderr.splitlines()), 3, refused.stderr)
        self.assertIn("did you mean PARLEY_WORKERS?", refused.stderr)

    def test_config_shows_values_and_sources_but_no_secret(self):
        shown = run("config", "--port", "7", environment={"PARLEY_APP_SECRET": "hush"})
        self.assertEqual(shown.returncode, 0)
        self.assertRegex(shown.stdout, r"(?m)^port +7 +flag --port$")
        self.assertRegex(shown.stdout, r"(?m)^app\.secret +\(hidden\) +environment PARLEY_APP_SECRET$")
        self.assertNotIn("hush", shown.stdout)

    def test_config_prints_the_tables_of_the_documentation(self):
        for flag, page in (("--limits", "docs/limits.md"), ("--settings", "docs/configuration.md")):
            table = run("config", flag, environment={"PARLEY_NONSENSE": "1"}).stdout
            self.assertIn(table, (ROOT / page).read_text())
            self.assertGreater(len(table.splitlines()), 10)


class Usage(unittest.TestCase):
    def test_why_prints_the_table_of_codes(self):
        table = run("why", "--codes").stdout
        self.assertIn(table, (ROOT / "docs" / "troubleshooting.md").read_text())
        self.assertGreater(len(table.splitlines()), 50)

    def test_version(self):
        self.assertRegex(run("version").stdout, r"^parley \d+\.\d+\.\d+\n$")

    def test_help_goes_to_standard_output(self):
        helped = run("--help")
        self.assertEqual((helped.returncode, helped.stderr), (0, ""))
        self.assertIn("parley serve --demo", helped.stdout)

    def test_errors_go_to_standard_error(self):
        for arguments in ((), ("sevre",), ("serve", "--prot", "1"), ("listen",), ("user",),
                          ("user", "create", "--prot", "1", "A", "a@example.com"), ("queue", "retry", "x")):
            refused = run(*arguments)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""), arguments)
            self.assertNotEqual(refused.stderr, "")


if __name__ == "__main__":
    PARLEY = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
