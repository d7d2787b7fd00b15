#!/usr/bin/env python3
"""Runs every scenario of parley bench for a moment against a real server, and checks what it counts.

usage: bench_test.py PATH_OF_PARLEY
"""

import json
import re
import sys
import unittest
from pathlib import Path

import program_test

SHORT = ("--duration", "0.6", "--warm-up", "0.2")
WRONG = ("lost", "doubled", "reordered", "stray", "refused", "unanswered", "closed")


class Bench(program_test.WithServer):
    @classmethod
    def setUpClass(cls):
        cls.holder = program_test.WithServer()
        server, cls.port = cls.holder.serve("--limits-max-registrations-per-minute=-1")
        cls.pid = str(server.process.pid)

    @classmethod
    def tearDownClass(cls):
        cls.holder.doCleanups()

    def bench(self, *arguments):
        return program_test.run("bench", *arguments, "--url", f"http://127.0.0.1:{self.port}")

    def measured(self, *arguments):
        """The figures of a run in which nothing went wrong."""
        done = self.bench(*arguments, *SHORT, "--server-pid", self.pid, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        figures = json.loads(done.stdout)
        self.assertEqual({name: figures[name] for name in WRONG}, dict.fromkeys(WRONG, 0))
        self.assertGreater(figures["generator"]["cpu_s"], 0)
        self.assertGreater(figures["server"]["resident_bytes"], 0)
        return figures

    def check_latencies(self, figures):
        self.assertGreater(figures["count"], 0)
        self.assertGreater(figures["p50_ms"], 0)
        self.assertLessEqual(figures["p50_ms"], figures["p99_ms"])
        self.assertLessEqual(figures["p99_ms"], figures["max_ms"])

    def test_idle_connections(self):
        for channel_type in ("public", "private", "presence"):
            figures = self.measured("idle", "--connections", "30", "--channels", "3", "--channel-type", channel_type,
                                    "--threads", "2", "--source-addresses", "3")
            self.assertEqual(figures["connect"]["count"], 30)
            self.assertGreater(figures["connect"]["rate"], 0)
            self.check_latencies(figures["connect"])
        self.assertEqual(self.measured("idle", "--connections", "5", "--channels", "0")["connect"]["count"], 5)

    def test_a_ramp_spreads_the_connections(self):
        figures = self.measured("idle", "--connections", "20", "--ramp", "0.5")
        self.assertLess(figures["connect"]["rate"], 20 / 0.4)

    def test_fanout_reaches_everybody(self):
        figures = self.measured("fanout", "--connections", "20", "--channels", "3", "--rate", "100")
        self.assertGreater(figures["sent"], 50)
        self.assertEqual(figures["received"], 20 * figures["sent"])
        self.check_latencies(figures["delivery"])
        self.check_latencies(figures["publish"])

    def test_rooms_reach_their_members(self):
        for more in ((), ("--threads", "3", "--publishers", "2", "--pipeline", "4")):
            figures = self.measured("rooms", "--connections", "40", "--channels", "10", "--rate", "200", "--payload",
                                    "1000", *more)
            self.assertGreater(figures["sent"], 100)
            self.assertEqual(figures["received"], 4 * figures["sent"])

    def test_client_events_reach_the_others(self):
        for channel_type in ("private", "presence"):
            figures = self.measured("client-events", "--connections", "20", "--channels", "5", "--rate", "100",
                                    "--channel-type", channel_type, "--threads", "2")
            self.assertGreater(figures["sent"], 50)
            self.assertEqual(figures["received"], 3 * figures["sent"])
            self.check_latencies(figures["delivery"])

    def test_joins_reach_those_who_stay(self):
        figures = self.measured("presence", "--connections", "20", "--channels", "4", "--rate", "50", "--publishers", "6")
        self.assertGreater(figures["sent"], 25)
        self.assertEqual(figures["received"], 5 * figures["sent"])
        self.check_latencies(figures["delivery"])

    def test_connections_come_and_go(self):
        for rate in ("0", "50"):
            figures = self.measured("connect", "--connecting", "4", "--rate", rate)
            self.assertGreater(figures["connect"]["rate"], 0)
            self.check_latencies(figures["connect"])

    def test_publishing_alone(self):
        for rate in ("0", "100"):
            figures = self.measured("publish", "--rate", rate, "--pipeline", "3", "--threads", "2")
            self.assertGreater(figures["publish"]["rate"], 0)
            self.check_latencies(figures["publish"])

    def test_slow_consumers_are_compared(self):
        figures = self.measured("slow-consumer", "--connections", "20", "--rate", "50", "--slow", "10")
        self.assertEqual(figures["slow"], 2)
        self.assertGreater(figures["p99_ratio"], 0)
        self.assertEqual(figures["received"], 18 * figures["sent"])
        self.assertEqual(figures["without"]["received"], 20 * figures["without"]["sent"])
        self.assertEqual(figures["without"]["lost"], 0)

    def test_chat_messages_reach_whom_they_are_for(self):
        figures = self.measured("chat", "--connections", "4", "--rate", "30", "--threads", "2")
        self.assertGreater(figures["sent"], 15)
        self.assertEqual(figures["received"], figures["sent"])
        self.check_latencies(figures["delivery"])

    def test_the_highest_rate_is_looked_for(self):
        done = self.bench("fanout", "--connections", "2", "--rate", "40", "--find-max", "--p99-max", "0.001", *SHORT, "--json")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        figures = json.loads(done.stdout)
        self.assertEqual(figures["rate_max"], 0)
        counted = [probe["rate"] for probe in figures["probes"] if "not counted" not in probe["why"]]
        self.assertEqual(counted[:4], [40, 40, 20, 20])
        self.assertIn("p99 above", figures["probes"][0]["why"])

    def test_a_table_for_people(self):
        done = self.bench("fanout", "--connections", "3", "--rate", "50", *SHORT)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for wanted in (r"(?m)^deliveries +\d", r"(?m)^publishes +\d", "lost 0   doubled 0   reordered 0", "this program"):
            self.assertRegex(done.stdout, wanted)

    def test_a_wrong_secret_or_key_is_said_clearly(self):
        cases = ((("fanout", "--secret", "another"), "publish was refused: the server answered 401"),
                 (("publish", "--secret", "another"), "publish was refused: the server answered 401"),
                 (("idle", "--channel-type", "private", "--secret", "another"), r"connection.* was refused: .*\((401|4009)\)"),
                 (("connect", "--secret", "another"), r"connection.* was refused: .*\((401|4009)\)"),
                 (("idle", "--key", "another"), r"\(4001\)"))
        for arguments, wanted in cases:
            done = self.bench(*arguments, *SHORT)
            self.assertEqual((done.returncode, done.stdout), (1, ""), arguments)
            self.assertRegex(done.stderr, r"^parley: http://127\.0\.0\.1:\d+: .*\n$")
            self.assertRegex(done.stderr, wanted)
            self.assertNotIn(" another", done.stderr.replace("key 'another'", "").replace("'another'", ""))

    def test_a_server_that_is_not_there(self):
        for scenario in ("idle", "connect", "publish", "fanout", "chat"):
            done = program_test.run("bench", scenario, "--url", "http://127.0.0.1:1")
            self.assertEqual((done.returncode, done.stdout), (1, ""), scenario)
            self.assertRegex(done.stderr, r"^parley: http://127\.0\.0\.1:1: .*refused.*\n$")


class Usage(unittest.TestCase):
    def test_wrong_usage(self):
        for arguments in (("bench",), ("bench", "fan"), ("bench", "fanout", "--rate", "fast"),
                          ("bench", "fanout", "--rte", "1"), ("bench", "fanout", "--url", "https://127.0.0.1:1"),
                          ("bench", "fanout", "--connections", "0")):
            refused = program_test.run(*arguments)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""), arguments)
            self.assertTrue(refused.stderr.startswith("parley: "), refused.stderr)

    def test_help_tells_scenarios_and_flags(self):
        helped = program_test.run("bench", "--help").stdout
        for wanted in ("slow-consumer", "--find-max", "--server-pid", "--source-addresses", "not over TLS"):
            self.assertIn(wanted, helped)
        self.assertTrue(all(len(line) < 140 for line in helped.splitlines() if not re.match(r" *-", line)))


if __name__ == "__main__":
    program_test.PARLEY = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
