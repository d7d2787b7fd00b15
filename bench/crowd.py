"""Opens very many idle connections on this machine and tells what memory the servers and the kernel need for each.

Each connection is subscribed to one of 100 channels of its server. What one process may not open, by the hard limit of open
files, several servers and load generators share. While all connections are open, an event must reach ten more subscribers on
every server.
"""

import argparse
import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import servers

SPARE_DESCRIPTORS = 1_000  # of a process, for everything but these connections
CONNECTIONS_PER_ADDRESS = 25_000  # to one port; the kernel's default range of ports has 28,000
OPEN_SECONDS_MAX = 600
HELD_SECONDS = 3_600  # longer than all of this takes


def arguments():
    parser = argparse.ArgumentParser(prog="script/bench --crowd", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("connections", type=int, help="how many in all")
    parser.add_argument("--channel-type", choices=["public", "private"], default="public")
    parser.add_argument("--addresses", type=int, default=4, help="loopback addresses that they come from, at least [4]")
    options = parser.parse_args()
    if options.connections < 1:
        parser.error("at least one connection")
    return options


def shares_of(connections):
    """How many connections each server gets, as evenly as it goes."""
    _, descriptors_max = resource.getrlimit(resource.RLIMIT_NOFILE)
    each_max = connections if descriptors_max == resource.RLIM_INFINITY else descriptors_max - SPARE_DESCRIPTORS
    if each_max < 1:
        raise RuntimeError(f"a process may open {descriptors_max} files only (ulimit -Hn)")
    count = -(-connections // each_max)
    return [connections // count + (index < connections % count) for index in range(count)]


def kibibytes(path, name):
    for line in Path(path).read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise RuntimeError(f"{path} has no {name}")


def kernel_bytes():
    """Of the whole machine: what the kernel keeps of sockets, files and epoll, and what waits in TCP."""
    words = next(line for line in Path("/proc/net/sockstat").read_text().splitlines() if line.startswith("TCP:")).split()
    return kibibytes("/proc/meminfo", "Slab") * 1024 + int(words[words.index("mem") + 1]) * os.sysconf("SC_PAGESIZE")


def resident_bytes(crowd):
    return sum(kibibytes(f"/proc/{server.pid}/status", "VmRSS") for server in crowd) * 1024


def open_sockets(server):
    """How many sockets a server has: its connections, and a few of its own."""
    count = 0
    for link in Path(f"/proc/{server.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            count += os.readlink(link).startswith("socket:")
    return count


def bench(server, *words):
    return [str(servers.parley_program()), "bench", *words, "--json", "--url", f"http://127.0.0.1:{server.port}"]


@contextlib.contextmanager
def held(server, count, options):
    """A load generator that has `count` connections open."""
    addresses = max(options.addresses, -(-count // CONNECTIONS_PER_ADDRESS))
    before = open_sockets(server)
    generator = subprocess.Popen(
        bench(server, "idle", "--connections", str(count), "--channels", "100", "--channel-type", options.channel_type,
              "--source-addresses", str(addresses), "--duration", str(HELD_SECONDS)),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=servers.clean_environment(), cwd=server.folder.name)
    try:
        deadline = time.monotonic() + OPEN_SECONDS_MAX
        while open_sockets(server) < before + count:
            if generator.poll() is not None:
                raise RuntimeError(f"the connections were not opened: {generator.stderr.read().strip()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"only {open_sockets(server) - before} of {count} connections were opened")
            time.sleep(0.2)
        yield
    finally:
        generator.send_signal(signal.SIGKILL)  # it shall not wait for its end
        generator.wait()


def check_delivery(server):
    done = subprocess.run(bench(server, "fanout", "--connections", "10", "--rate", "10", "--duration", "1"),
                          capture_output=True, text=True, env=servers.clean_environment(), cwd=server.folder.name)
    if done.returncode != 0:
        raise RuntimeError(f"events do not arrive: {done.stdout or done.stderr}")
    return json.loads(done.stdout)["delivery"]["p99_ms"]


def measure(options):
    shares = shares_of(options.connections)
    make = servers.Parley()
    every_core = ",".join(map(str, sorted(os.sched_getaffinity(0))))
    with contextlib.ExitStack() as stack:
        crowd = [stack.enter_context(make.start(every_core)) for _ in shares]
        sockets_before = sum(map(open_sockets, crowd))
        before, kernel_before, began = resident_bytes(crowd), kernel_bytes(), time.monotonic()
        for server, share in zip(crowd, shares):
            stack.enter_context(held(server, share, options))
        taken = time.monotonic() - began
        ours = (resident_bytes(crowd) - before) / options.connections
        kernel = (kernel_bytes() - kernel_before) / options.connections
        lost = options.connections - (sum(map(open_sockets, crowd)) - sockets_before)
        latencies = [check_delivery(server) for server in crowd]
    print(f"{options.connections:,} {options.channel_type} connections on {len(shares)} servers, opened in {taken:.0f} s, "
          f"{lost:,} lost meanwhile\n"
          f"server   {ours:,.0f} B for each connection\n"
          f"kernel   {kernel:,.0f} B for each, both ends\n"
          f"events   to ten more subscribers on each server arrive, p99 {max(latencies):.1f} ms or less")


def main():
    try:
        measure(arguments())
    except RuntimeError as error:
        print(f"crowd: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
