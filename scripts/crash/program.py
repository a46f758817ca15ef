"""Starts, stops and kills the program under test, and a private PostgreSQL for it. Nothing else is ever touched."""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from documents import SECRET

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def binary():
    return os.environ.get("PINGQIAO") or os.environ.get("BIN") or str(ROOT / ".build/debug/pingqiao")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Place:
    """Where one set of books is kept: a folder, and for PostgreSQL a configuration that names the server."""

    def __init__(self, folder, postgresql=None):
        self.folder = pathlib.Path(folder)
        self.postgresql = postgresql
        self.folder.mkdir(parents=True, exist_ok=True)
        if postgresql:
            self.config = self.folder / "config.json"
            self.config.write_text(json.dumps({"data": str(self.folder), "postgresql": postgresql}))

    @property
    def options(self):
        options = ["--data", str(self.folder)]
        return options + ["--config", str(self.config)] if self.postgresql else options

    @property
    def database(self):
        return self.postgresql or str(self.folder / "books.sqlite")


def run(*arguments, check=True, timeout=120, stdin=None):
    """One command of the program; returns the completed process with text output."""
    done = subprocess.run(
        [binary(), *arguments], input=stdin, capture_output=True, text=True, timeout=timeout, cwd=ROOT
    )
    if check and done.returncode != 0:
        raise RuntimeError(f"pingqiao {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done


def make_demo(place):
    """Makes the demo company with the fixed secret and ends."""
    return json.loads(run("demo", *place.options, "--secret", SECRET, "--once").stdout)


class Server:
    """One running server, and its log on standard error."""

    def __init__(self, place, port=None, command="serve", log=None, environment=None):
        self.place = place
        self.port = port or free_port()
        self.log = pathlib.Path(log or place.folder / "server.log")
        arguments = [binary(), command, *place.options, "--port", str(self.port)]
        arguments += ["--secret", SECRET] if command == "demo" else ["--log-level", "warning"]
        self.output = open(self.log, "ab")
        self.start_of_log = self.output.tell()
        self.started_at = time.time()
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output, cwd=ROOT,
            env={**os.environ, **(environment or {})},
        )

    def is_ready(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        except http.client.HTTPException:
            return False

    def wait_until_ready(self, seconds=60):
        """Returns how long it took from the start of the process."""
        limit = time.time() + seconds
        while time.time() < limit:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}:\n{self.tail()}")
            if self.is_ready():
                return time.time() - self.started_at
            time.sleep(0.005)
        raise RuntimeError(f"the server was not ready within {seconds} s:\n{self.tail()}")

    def tail(self, size=3000):
        return self.log.read_text(errors="replace")[-size:]

    def passwords(self):
        """The one-time passwords a demo printed, by login."""
        text = self.log.read_bytes()[self.start_of_log:].decode(errors="replace")
        return dict(re.findall(r"^  (\S+)  (\S+)  \S+$", text, re.M))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.output.close()

    def stop(self, seconds=30):
        """Asks it to end; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                raise RuntimeError(f"the server did not stop within {seconds} s of SIGTERM")
        self.output.close()
        return self.process.returncode

    def resident_kibibytes(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        return 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()


def is_alive(process):
    """Whether a process still runs; one that only waits for its parent to ask does not."""
    try:
        state = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


class PostgreSQL:
    """A private server on a unix socket in a folder of its own; gone when it is closed."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pq-pg-"))
        self.is_root = os.geteuid() == 0
        if self.is_root:
            shutil.chown(self.folder, "postgres")
        self._tool("initdb", "-D", f"{self.folder}/data", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "pq")
        self.start()
        self.conninfo = f"host={self.folder} user=pq dbname=postgres"

    def start(self):
        settings = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c max_wal_size=4GB"
        self._tool("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "-o", settings, "start")

    def stop(self, mode="fast"):
        self._tool("pg_ctl", "-D", f"{self.folder}/data", "-m", mode, "-w", "stop")

    def kill(self):
        """Ends the server as a machine that loses its power does; its children notice and go by themselves."""
        first = int(pathlib.Path(f"{self.folder}/data/postmaster.pid").read_text().split()[0])
        # Stopped, it brings up no further child while they are counted.
        os.kill(first, signal.SIGSTOP)
        family = [first]
        for one in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(one.read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if parent == first:
                family.append(int(one.parent.name))
        for process in family:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        limit = time.time() + 10
        while any(is_alive(process) for process in family) and time.time() < limit:
            time.sleep(0.02)

    @staticmethod
    def tool(name):
        # Debian keeps the server's tools out of PATH, and puts wrappers there under the names of others.
        folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        return next((str(one / name) for one in folders if (one / name).exists()), shutil.which(name))

    @classmethod
    def is_installed(cls):
        return all(cls.tool(name) for name in ("initdb", "pg_ctl", "psql"))

    def _tool(self, name, *arguments):
        command = [self.tool(name), *arguments]
        if self.is_root:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]
        subprocess.run(
            command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=self.folder, timeout=120
        )

    def close(self):
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
