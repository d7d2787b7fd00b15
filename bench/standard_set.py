"""Runs the standard set of scenarios with parley bench against Parley and, if asked, a peer.

The server has one processor and the load generator another; servers take turns, so that what changes on the
machine meanwhile meets both. Every run is kept as JSON; report.py makes the table and the plots.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import report
import servers

RUN_SECONDS_MAX = 900

STOLEN_SHARE_MAX = 0.02  # of the processors: a run during which a hypervisor gave more of them to others is repeated ...
REPEATS_MAX = 2  # ... so often, and the least disturbed one is taken

# Name, and what stands on the command line behind `parley bench`. The first word is the scenario.
STANDARD_SET = {
    "idle_public": "idle --connections 10000 --channels 100 --channel-type public --duration 5",
    "idle_private": "idle --connections 10000 --channels 100 --channel-type private --duration 5",
    "lone_message": "fanout --connections 1 --rate 20",
    "fanout": "fanout --connections 1000 --rate 20",
    "fanout_max": "fanout --connections 1000 --rate 20 --publishers 64 --find-max --p99-max 100 --duration 3",
    "fanout_at_peers_max": "fanout --connections 1000 --rate {peers_max} --publishers 64",
    "rooms": "rooms --connections 2000 --channels 500 --rate 500",
    "rooms_max": "rooms --connections 2000 --channels 500 --rate 500 --publishers 64 --find-max --p99-max 100 --duration 3",
    "connect": "connect --channel-type private",
    "client_events": "client-events --connections 400 --channels 100 --rate 400",
    "client_events_max": "client-events --connections 400 --channels 100 --rate 400 --find-max --p99-max 100 --duration 3",
    "presence": "presence --connections 100 --channels 10 --rate 50",
    "publish": "publish --channels 100 --publishers 64",
    "slow_consumer": "slow-consumer --connections 200 --rate 100 --payload 10000 --slow 1",
}

# What a short run, to see whether everything works, has in place of the above.
QUICK = ["--connections", "20", "--channels", "2", "--rate", "20", "--duration", "0.5", "--warm-up", "0.2"]

OTHERS = """script/bench --micro measures single functions instead, script/bench --crowd very many idle connections; each has
its --help."""


def arguments():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__, epilog=OTHERS,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", choices=sorted(servers.PEERS), help="also measure this server, in turn with Parley")
    parser.add_argument("--workers", type=int, metavar="N",
                        help="compare one event loop of Parley with N instead; all processors of --cores are everybody's")
    parser.add_argument("--runs", type=int, default=3, help="of each scenario on each server [3]")
    parser.add_argument("--only", nargs="+", choices=list(STANDARD_SET), metavar="NAME",
                        help="these scenarios alone: " + ", ".join(STANDARD_SET))
    parser.add_argument("--output", type=Path, default=Path("build/bench"), help="folder for results [build/bench]")
    parser.add_argument("--cores", default="0,1", help="processors of the server and of the load generator [0,1]")
    parser.add_argument("--docs", action="store_true", help="put table and plots into docs/performance.md")
    parser.add_argument("--quick", action="store_true", help="short runs whose figures mean nothing")
    parser.add_argument("--report-only", action="store_true", help="make table and plots of results that are there")
    options = parser.parse_args()
    if options.workers and options.peer:
        parser.error("--workers compares Parley with itself, --peer with another server: one at a time")
    return options


def measure(server, words, core):
    """What one run has found; a run that failed has an error instead of figures."""
    command = ["taskset", "-c", core, str(servers.parley_program()), "bench", *words, "--json",
               "--url", f"http://127.0.0.1:{server.port}", "--server-pid", str(server.pid)]
    done = subprocess.run(command, capture_output=True, text=True, env=servers.clean_environment(),
                          cwd=server.folder.name, timeout=RUN_SECONDS_MAX)
    if not done.stdout:
        return {"error": done.stderr.strip(), "status": done.returncode}
    return {**json.loads(done.stdout), "status": done.returncode}


def measure_undisturbed(make, words, server_core, generator_core):
    """A run on a server of its own; of several the one during which others had the least of the processors."""
    results = []
    # The search for a highest rate looks for disturbances itself, and what it tells is of its last run alone.
    for _ in range(1 if "--find-max" in words else 1 + REPEATS_MAX):
        with make.start(server_core) as server:
            results.append(measure(server, words, generator_core))
        if report.stolen_share(results[-1]) <= STOLEN_SHARE_MAX:
            break
    return min(results, key=lambda result: ("error" in result, report.stolen_share(result)))


def words_of(name, options):
    """What stands on the command line for a scenario; None when it needs what was not measured."""
    words = STANDARD_SET[name]
    if "{peers_max}" in words:
        peers_max = report.peers_max(options.output)
        if peers_max is None:
            return None
        words = words.format(peers_max=round(peers_max, 1))
    return words.split()


def run_all(options, makes):
    server_core, generator_core = [options.cores] * 2 if options.workers else options.cores.split(",")
    for name in options.only or STANDARD_SET:
        for former in options.output.glob(f"{name}.*.json"):
            former.unlink()
        words = words_of(name, options)
        if words is None:
            continue
        if options.quick:
            words += QUICK
            if words[0] in ("idle", "connect", "publish"):
                words += ["--rate", "0"]
        for run in range(options.runs):
            for make in makes:
                result = measure_undisturbed(make, words, server_core, generator_core)
                result.update(name=name, program=make.name, version=make.version, run=run, words=words)
                path = options.output / f"{name}.{make.name}.{run}.json"
                path.write_text(json.dumps(result, indent=1) + "\n")
                print(f"{name:<20}{make.name:<26}run {run + 1}   {report.summary(result)}", flush=True)


def machine():
    """What it was measured on, for the table."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    linux = ".".join(platform.release().split(".")[:2])  # the rest names a build, not what was measured
    return f"{model}, {os.cpu_count()} processors, Linux {linux}"


def main():
    options = arguments()
    options.output.mkdir(parents=True, exist_ok=True)
    if not options.report_only:
        makes = [servers.Parley()]
        try:
            if options.workers:
                makes.append(servers.Parley(options.workers))
            if options.peer:
                makes.append(servers.PEERS[options.peer]())
            run_all(options, makes)
        finally:
            for make in makes:
                make.close()
        (options.output / "machine.txt").write_text(machine() + "\n")
    report.write(options.output, servers.ROOT / "docs" if options.docs else None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
