"""Servers on one core, and what they use of it: Millrace's, a bare one, a Python one, mosec."""
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import memory
import millrace

HERE = Path(__file__).resolve().parent
PEER = millrace.ROOT / ".venv/peers/bin/python"
BINARIES = millrace.ROOT / "build/release/bin"
SERVER_CORE, LOAD_CORE = "0", "1"
TICKS = os.sysconf("SC_CLK_TCK")


class Missing(Exception):
    """A server that cannot be measured here, with the reason."""


class Server:
    """Runs `command` on one core until stop(). `address` is HOST:PORT, or the file in which the server says it."""

    def __init__(self, command, address, log, ready="/v2/health/ready"):
        self.log = log
        self.process = subprocess.Popen(["taskset", "-c", SERVER_CORE, *map(str, command)], stdout=open(log, "w"),
                                        stderr=subprocess.STDOUT, env=millrace.environment())
        self.address = self.wait(lambda: address.read_text().strip() if isinstance(address, Path) else address)
        if ready:
            self.wait(lambda: self.get(ready))

    def wait(self, attempt, seconds=60):
        until = time.monotonic() + seconds
        while True:
            try:
                return attempt()
            except (OSError, urllib.error.URLError) as error:
                if time.monotonic() > until or self.process.poll() is not None:
                    self.stop()
                    raise Missing(f"{error}; the end of its log: {Path(self.log).read_text()[-300:]}") from error
            time.sleep(0.01)

    def get(self, path):
        return urllib.request.urlopen(f"http://{self.address}{path}", timeout=5).read().decode()

    def post(self, path, body):
        return urllib.request.urlopen(f"http://{self.address}{path}", data=body, timeout=30).read()

    def cpu_seconds(self):
        """Of the process and what it has started."""
        total = 0
        for process in memory.tree(self.process.pid):
            fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def pss_mb(self):
        total = 0
        for process in memory.tree(self.process.pid):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total / 1000

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def millrace_server(folder, *what, address=None):
    address = address or folder / "millrace-address"
    address.unlink(missing_ok=True)
    return Server([BINARIES / "millrace-serve", *what, "--threads", "1", "--port", "0", "--address-file", address],
                  address, folder / "millrace.log")


def bare_server(folder, name, answer):
    body, address = folder / f"{name}-answer", folder / f"{name}-bare-address"
    body.write_bytes(answer)
    return Server([BINARIES / "bench_bare_server", body, address], address, folder / f"{name}-bare.log", ready=None)


def python_server(folder, onnx):
    if not PEER.exists():
        raise Missing("benchmarks/setup-peers has not been run")
    address = folder / "python-address"
    address.unlink(missing_ok=True)
    return Server([PEER, HERE / "python_server.py", onnx, address], address, folder / "python.log", ready=None)


def mosec_server(folder, onnx, endpoint):
    if not PEER.exists():
        raise Missing("benchmarks/setup-peers has not been run")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Server(["env", f"MODEL={onnx}", f"ENDPOINT={endpoint}", PEER, HERE / "mosec_server.py", "--port", port,
                   "--address", "127.0.0.1", "--log-level", "warning"], f"127.0.0.1:{port}", folder / "mosec.log", ready="/")
