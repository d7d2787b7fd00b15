"""The servers that are measured: how each is started on one processor, and ended."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
START_SECONDS = 30

PARLEY_FLAGS = ["--chat-enabled=false", "--metrics-enabled=false", "--log-level", "warning",
                "--limits-max-client-events-per-second=-1"]
SOKETI_SETTINGS = {
    "SOKETI_HOST": "127.0.0.1",
    "SOKETI_DEFAULT_APP_ENABLE_CLIENT_MESSAGES": "true",
}


def parley_program():
    return Path(os.environ.get("PARLEY_BUILD_DIR", ROOT / "build/release")).resolve() / "parley"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(changes=None):
    """Without settings of any of the servers, which would not be the same everywhere."""
    prefixes = ("PARLEY_", "SOKETI_", "PUSHER_", "REVERB_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}
    return {**kept, **(changes or {})}


class Server:
    """A server at work on 127.0.0.1, pinned to some processors (a list as taskset takes it)."""

    def __init__(self, name, command, environment, port, core):
        self.name = name
        self.port = port
        self.folder = tempfile.TemporaryDirectory(prefix="parley-bench-")
        self.log = Path(self.folder.name, "server.log")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(["taskset", "-c", str(core), *command], env=environment,
                                            cwd=self.folder.name, stdout=log, stderr=log)
        try:
            self.wait_until_it_listens()
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self):
        return self.process.pid  # taskset becomes the server

    def wait_until_it_listens(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"{self.name} does not listen:\n{self.log.read_text(errors='replace')}")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Parley:
    def __init__(self, workers=1):
        self.name = "parley" if workers == 1 else "parley with more workers"
        self.workers = workers
        shown = subprocess.run([parley_program(), "version"], capture_output=True, text=True, check=True)
        self.version = shown.stdout.strip() + ("" if workers == 1 else f", {workers} workers")

    def start(self, core):
        port = free_port()
        command = [str(parley_program()), "serve", "--host", "127.0.0.1", "--port", str(port),
                   "--workers", str(self.workers), *PARLEY_FLAGS]
        return Server(self.name, command, clean_environment(), port, core)

    def close(self):
        pass


class Soketi:
    name = "soketi"

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="parley-bench-soketi-")
        for file in (HERE / "soketi").iterdir():
            shutil.copy(file, self.folder.name)
        print("installing soketi from npm ...", flush=True)
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"],
                       cwd=self.folder.name, check=True)
        self.version = "soketi 1.6.1"

    def start(self, core):
        port = free_port()
        environment = clean_environment({**SOKETI_SETTINGS, "SOKETI_PORT": str(port),
                                         "SOKETI_METRICS_SERVER_PORT": str(free_port())})
        program = Path(self.folder.name, "node_modules/@soketi/soketi/bin/server.js")
        return Server(self.name, ["node", str(program), "start"], environment, port, core)

    def close(self):
        self.folder.cleanup()


PEERS = {"soketi": Soketi}
