"""Runs the micro-benchmarks beside the code (src/ROOM/*_bench.cpp) and prints a table of what they have found.

Each benchmark runs for some time, several times over, and the median of these runs counts. The reports of Google
Benchmark are kept as JSON. What single benchmarks measure is said in docs/bench.md.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIME_UNITS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}  # in nanoseconds
COLUMNS = ["room", "benchmark", "time", "rate"]


def programs():
    """The programs of the micro-benchmarks by the name of their room: `chat/http` for one within another's folder."""
    build = Path(os.environ.get("PARLEY_BUILD_DIR") or ROOT / "build/release") / "src"
    found = {}
    for folder in sorted({path.parent for path in (ROOT / "src").rglob("*_bench.cpp")}):
        room = folder.relative_to(ROOT / "src").as_posix()
        found[room] = build / room / f"{room.replace('/', '_')}_bench"
    return found


def arguments(rooms):
    parser = argparse.ArgumentParser(prog="script/bench --micro", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=rooms, metavar="ROOM", help="these rooms alone: " + ", ".join(rooms))
    parser.add_argument("--filter", default=".", metavar="REGEX", help="these benchmarks alone, by name [all]")
    parser.add_argument("--seconds", type=float, default=0.5, help="each run lasts at least this long [0.5]")
    parser.add_argument("--runs", type=int, default=3, help="of each benchmark [3]")
    parser.add_argument("--output", type=Path, default=Path("build/bench/micro"),
                        help="folder for reports [build/bench/micro]")
    return parser.parse_args()


def run(room, program, options):
    """The benchmarks in the report of one program; None, and the reason on the standard error, when it failed."""
    if not program.exists():
        print(f"{room}: there is no {program}; the target micro_benchmarks builds it", file=sys.stderr)
        return None
    report = options.output / f"{room.replace('/', '_')}.json"
    report.unlink(missing_ok=True)
    command = [str(program), f"--benchmark_filter={options.filter}", f"--benchmark_min_time={options.seconds}",
               f"--benchmark_repetitions={options.runs}", f"--benchmark_out={report}", "--benchmark_out_format=json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        print(f"{room}: {program} ended with {done.returncode}: {done.stderr.strip()}", file=sys.stderr)
        return None
    # A program of which the filter leaves nothing says so, and writes no report.
    text = report.read_text() if report.exists() else ""
    return json.loads(text)["benchmarks"] if text else []


def of_three_digits(number):
    """`number` with three digits that count, and commas between thousands."""
    decimals = 2 if number < 10 else 1 if number < 100 else 0
    return f"{number:,.{decimals}f}"


def scaled(number, steps):
    """`number` in the largest of `steps`, a list of sizes and names, that is not above it."""
    size, name = next(((size, name) for size, name in steps if number >= size), steps[-1])
    return f"{of_three_digits(number / size)} {name}"


def duration(benchmark):
    """Processor time, which says most on a machine that does something else, too, or the clock's if it asks for that."""
    time = benchmark["real_time" if benchmark["run_name"].endswith("/real_time") else "cpu_time"]
    nanoseconds = time * TIME_UNITS[benchmark["time_unit"]]
    return scaled(nanoseconds, [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns")])


def rate(benchmark):
    """Bytes a second where the benchmark counts them, else items a second."""
    if "bytes_per_second" in benchmark:
        return scaled(benchmark["bytes_per_second"], [(1e9, "GB/s"), (1e6, "MB/s"), (1e3, "kB/s")])
    if "items_per_second" in benchmark:
        return scaled(benchmark["items_per_second"], [(1e6, "million/s"), (1, "/s")])
    return ""


def rows_of(room, benchmarks):
    """A row per benchmark, of its median or, when there was one run alone, of that; and whether one has failed."""
    rows, failed = [], False
    for benchmark in benchmarks:
        if benchmark.get("error_occurred"):
            print(f"{room}: {benchmark['name']}: {benchmark['error_message']}", file=sys.stderr)
            failed = True
        elif benchmark.get("aggregate_name", "median") == "median" and is_result(benchmark):
            rows.append([room, benchmark["run_name"], duration(benchmark), rate(benchmark)])
    return rows, failed


def is_result(benchmark):
    return benchmark["run_type"] == "aggregate" or benchmark["repetitions"] == 1


def table(rows):
    """`rows` as a table in Markdown whose columns stand below each other."""
    rows = [COLUMNS, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def main():
    rooms = programs()
    options = arguments(list(rooms))
    options.output.mkdir(parents=True, exist_ok=True)
    rows, failed = [], False
    for room in options.only or rooms:
        print(f"-- {room}", file=sys.stderr, flush=True)
        benchmarks = run(room, rooms[room], options)
        found, has_error = rows_of(room, benchmarks or [])
        rows += found
        failed = failed or has_error or benchmarks is None
    if not rows and not failed:
        sys.exit(f"no benchmark is called {options.filter}")
    print(table(rows))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
