#!/usr/bin/env python3
"""Runs the commands that ask the second port of a running server: parley status and parley top.

usage: watching_test.py PATH_OF_PARLEY
"""

import json
import os
import pty
import select
import subprocess
import sys
import termios
import unittest
from pathlib import Path

import program_test
from program_test import DEADLINE_SECONDS, SUBSCRIBED, is_event, run


class Watching(program_test.WithServer):
    def setUp(self):
        server, self.port = self.serve("--chat-enabled=false", wait_for_metrics=True)
        self.url = f"http://127.0.0.1:{server.metrics_port}"

    def shown(self, *arguments):
        done = run(*arguments, "--url", self.url)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_status_is_readable(self):
        listener = self.listen(self.port, "news")
        listener.wait_for(is_event(SUBSCRIBED, "news"))
        self.assertEqual(run("trigger", "--port", self.port, "-c", "news", "-e", "e", "-d", "x").returncode, 0)
        listener.wait_for(is_event("e", "news"))
        shown = self.shown("status")
        self.assertRegex(shown, r"(?m)^connections +1 of .*; 1 since the start$")
        self.assertRegex(shown, r"(?m)^published +1 by back ends, 0 by clients; 1 requests")
        self.assertRegex(shown, r"(?m)^app-id +1 +1 +1 +3 +1$")
        self.assertNotIn("app-secret", shown)

    def test_status_is_json_for_scripts(self):
        status = json.loads(self.shown("status", "--json"))
        self.assertEqual(status["port"], int(self.port))
        self.assertEqual(len(status["loops"]), 2)
        self.assertEqual([app["id"] for app in status["apps"]], ["app-id"])

    def test_status_of_webhooks(self):
        self.assertIn("No webhook has had anything to tell", self.shown("status", "--webhooks"))
        self.assertEqual(json.loads(self.shown("status", "--webhooks", "--json"))["attempts"], [])

    def test_top_prints_one_picture_for_scripts(self):
        shown = self.shown("top", "--once")
        self.assertRegex(shown, r"(?m)^connections +0 of ")
        self.assertRegex(shown, r"(?m)^app-id +0 ")
        self.assertNotIn("\x1b", shown)

    def draw(self, terminal):
        return subprocess.Popen([program_test.PARLEY, "top", "--url", self.url], stdin=terminal, stdout=terminal,
                                stderr=subprocess.STDOUT, env=program_test.clean_environment({"TERM": "xterm"}))

    def read_until(self, screen, found):
        """What is drawn until `found` is true of it."""
        drawn = b""
        while not found(drawn):
            self.assertTrue(select.select([screen], [], [], DEADLINE_SECONDS)[0], drawn)
            drawn += os.read(screen, 65_536)
        return drawn

    def test_top_draws_on_a_terminal_and_leaves_it_as_it_was(self):
        for key in (b"q", b"\x03"):
            screen, terminal = pty.openpty()
            self.addCleanup(os.close, screen)
            self.addCleanup(os.close, terminal)
            before = termios.tcgetattr(terminal)
            top = self.draw(terminal)
            self.read_until(screen, lambda drawn: b"app-id" in drawn)
            os.write(screen, key)
            self.read_until(screen, lambda drawn: drawn.endswith(b"\x1b[?25h\x1b[?1049l"))
            self.assertEqual(top.wait(timeout=DEADLINE_SECONDS), 0)
            self.assertEqual(termios.tcgetattr(terminal), before)

    def test_top_goes_on_while_the_server_is_away(self):
        server, _ = self.serve("--chat-enabled=false", wait_for_metrics=True)
        self.url = f"http://127.0.0.1:{server.metrics_port}"
        screen, terminal = pty.openpty()
        self.addCleanup(os.close, screen)
        self.addCleanup(os.close, terminal)
        top = self.draw(terminal)
        self.read_until(screen, lambda drawn: b"app-id" in drawn)
        self.assertEqual(server.end(), 0)
        self.read_until(screen, lambda drawn: b"No server answers" in drawn)
        os.write(screen, b"q")
        self.assertEqual(top.wait(timeout=DEADLINE_SECONDS), 0)

    def test_top_needs_a_terminal(self):
        refused = run("top", "--url", self.url)
        self.assertEqual((refused.returncode, refused.stdout), (2, ""))
        self.assertIn("--once", refused.stderr)

    def test_a_server_that_is_not_there(self):
        for command in (("status",), ("status", "--webhooks"), ("top", "--once")):
            refused = run(*command, "--metrics-port", "1")
            self.assertEqual((refused.returncode, refused.stdout), (1, ""))
            self.assertIn("No server answers at http://127.0.0.1:1", refused.stderr)

    def test_a_server_of_another_kind(self):
        refused = run("status", "--url", f"http://127.0.0.1:{self.port}")
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertIn("(404)", refused.stderr)


if __name__ == "__main__":
    program_test.PARLEY = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
