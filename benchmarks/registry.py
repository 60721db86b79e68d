"""The model registry: many processes that append and are killed, questions to large registries, and packing a model.

appends: 16 processes register 1,000 versions each (4 x 100 with --quick) in one folder, and one after the other is killed
with SIGKILL at a random moment and started again. Nothing that was acknowledged may be lost; `registry verify` must find
the chain whole. alone: one process, nobody killed.

list, search, show: `millrace registry …`, the whole process, on registries of 10, 1,000 and 10,000 versions (1,000
alone with --quick). Beside it MLflow with sqlite, its client already imported and warmed up, asked for the same: in_process with
the store opened by the client itself, server over HTTP from `mlflow server`. ratios are MLflow's seconds over Millrace's.
Each of MLflow's versions has a run with 100 parameters and 20 metrics, as Millrace's has.

pack: write_artifact and read_artifact of a model of 25 million parameters (1 million with --quick), in bytes of its weights;
beside it what zstd takes at the same level for the same bytes (there and back), SHA-256, and a copy.
"""
import json
import os
import random
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import millrace
from plain_table import table  # noqa: F401: what benchmarks/run prints

APPENDER = millrace.ROOT / "build/release/bin/registry_appender"
PACKER = millrace.ROOT / "build/release/bin/bench_artifact"
PEER = millrace.ROOT / ".venv/peers/bin/python"
QUESTIONS = {"list": ["list"], "show": ["show", "churn"],
             "search": ["search", "metrics.test.auc > 0.84 and appender = 'a' order by created desc limit 5"]}


class Appender:
    """A process that appends, and is started again until all its versions are acknowledged."""

    def __init__(self, folder, name, count):
        self.folder, self.name, self.count = folder, name, count
        self.acknowledged = {}  # sequence: version
        self.kills = 0
        self.process = None
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self):
        while len(self.acknowledged) < self.count:
            done = len(self.acknowledged)
            self.process = subprocess.Popen([APPENDER, self.folder, "churn", self.name, str(done), str(self.count - done)],
                                            stdout=subprocess.PIPE, text=True)
            for line in self.process.stdout:
                if line.endswith("\n"):
                    version, sequence = map(int, line.split())
                    self.acknowledged[sequence] = version
            if self.process.wait() not in (0, -9):
                raise SystemExit(f"an appender ended with {self.process.returncode}")

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.kills += 1


def append(workspace, processes, count, kills_per_second):
    begin = time.monotonic()
    appenders = [Appender(workspace / "registry", f"p{i}", count) for i in range(processes)]
    while any(appender.thread.is_alive() for appender in appenders):
        time.sleep(random.uniform(0.5, 1.5) / kills_per_second if kills_per_second else 0.01)
        if kills_per_second:
            random.choice(appenders).kill()
    seconds = time.monotonic() - begin
    check(workspace, appenders, processes * count)
    return {"appends_per_s": processes * count / seconds, "seconds": seconds, "appends": processes * count,
            "kills": sum(appender.kills for appender in appenders)}


def check(workspace, appenders, expected):
    """All that was acknowledged is there, as it was acknowledged, and once; the chain is whole."""
    registered = {version["version"]: version["details"] for version in
                  json.loads(millrace.run(["registry", "list", "--workspace", workspace, "--json"], ranks=1))}
    acknowledged = {version: (appender.name, sequence) for appender in appenders
                    for sequence, version in appender.acknowledged.items()}
    kills = sum(appender.kills for appender in appenders)
    assert len(acknowledged) == expected, (len(acknowledged), expected)
    assert sorted(registered) == list(range(1, len(registered) + 1))
    assert expected <= len(registered) <= expected + kills, (expected, len(registered), kills)
    for version, origin in acknowledged.items():
        details = registered[version]
        assert (details["appender"], details["sequence"]) == origin, (version, origin)
    millrace.run(["registry", "verify", "--workspace", workspace], ranks=1)


def median_seconds(action, rounds):
    action()  # warmed up
    seconds = []
    for _ in range(rounds):
        begin = time.monotonic()
        action()
        seconds.append(time.monotonic() - begin)
    return statistics.median(seconds)


def questions(folder, versions, rounds):
    workspace = folder / f"of-{versions}"
    append_alone(workspace, versions)
    figures = {}
    for name, words in QUESTIONS.items():
        command = ["registry", *words, "--workspace", workspace]
        figures[f"{name}_ms"] = 1000 * median_seconds(lambda: millrace.run(command, ranks=1), rounds)
    return figures


def append_alone(workspace, versions):
    begin = time.monotonic()
    subprocess.run([APPENDER, workspace / "registry", "churn", "a", "0", str(versions)], check=True,
                   stdout=subprocess.DEVNULL)
    return versions / (time.monotonic() - begin)


def mlflow_figures(folder, versions, rounds):
    """The same questions to MLflow; what is missing is said instead."""
    done = subprocess.run([PEER, Path(__file__).with_name("registry_peer.py"), folder, str(versions), str(rounds)],
                          capture_output=True, text=True) if PEER.exists() else None
    if done is None:
        return {"missing": "benchmarks/setup-peers has not been run"}
    if done.returncode != 0:
        return {"missing": done.stderr.strip().splitlines()[-1]}
    return json.loads(done.stdout)


def compared(folder, versions, rounds):
    figures = questions(folder, versions, rounds)
    peer = mlflow_figures(folder, versions, rounds)
    if "missing" in peer:
        return figures, {"missing": peer["missing"]}
    ratios = {f"{way}_{name}": peer[way][name] / figures[name] for way in peer for name in figures}
    return figures, {**{f"{way}_{name}": value for way, ms in peer.items() for name, value in ms.items()},
                     **{f"ratio_{name}": value for name, value in ratios.items()}}


def seconds_of(command):
    begin = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - begin


def pack(folder, width):
    figures = json.loads(subprocess.run([PACKER, folder, str(width)], check=True, capture_output=True, text=True).stdout)
    size = figures["bytes"]
    weights = folder / "weights.h5"
    with open(weights, "wb") as file:
        subprocess.run(["tar", "--zstd", "-xOf", folder / "artifact.tar.zst", "weights.h5"], check=True, stdout=file)
    packed = folder / "weights.zst"
    limits = {"zstd": seconds_of(["zstd", "-q", "-f", "-3", "--single-thread", weights, "-o", packed]),
              "unzstd": seconds_of(["zstd", "-q", "-f", "-d", packed, "-o", folder / "back"]),
              "sha256": seconds_of(["openssl", "dgst", "-sha256", weights]),
              "copy": seconds_of(["cp", weights, folder / "copy"])}
    return {"pack": {"write_s": figures["write_s"], "write_gbps": size / figures["write_s"] / 1e9,
                     "read_s": figures["read_s"], "read_gbps": size / figures["read_s"] / 1e9,
                     "packed_share": figures["packed_bytes"] / size, "mb": size / 1e6},
            "pack_limits_gbps": {name: size / seconds / 1e9 for name, seconds in limits.items()}}


def measure(quick):
    random.seed(1)
    figures = {}
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = Path(name)
        processes, count, kills = (4, 100, 10) if quick else (16, 1000, 10)
        figures["appends"] = append(folder / "together", processes, count, kills)
        figures["appends_alone_per_s"] = append_alone(folder / "alone", count)
        for versions in (1000,) if quick else (10, 1000, 10000):
            ours, peer = compared(folder, versions, rounds=3 if quick else 9)
            figures[f"of {versions}"] = ours
            figures[f"MLflow of {versions}"] = peer
        figures.update(pack(folder, 1000 if quick else 5000))
    return figures
