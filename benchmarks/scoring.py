"""Batch scoring: 2,000,000 rows of generated churn data (200,000 with --quick) in one CSV file in the page cache, to one
CSV file of scores, by the model of configs/quickstart.yaml (trained for an epoch). Both sides use all cores, and write
row, key, probability and class.

millrace: `millrace predict MODEL FILE --out FILE.csv --keep customer_id`, the whole process, on RANKS x THREADS; stdout: the
same to a pipe, by one process. floor: the reader alone, the model's columns typed by one core (benchmarks/run ingest has
more of it). The peer is pandas and ONNX Runtime with the same artifact's model.onnx, in the environment that
benchmarks/setup-peers makes: read_csv with the pyarrow engine and the wanted columns alone, one batched run of a session
that may use all cores, the scores written by pyarrow. whole: all rows at once; chunked: 65,536 rows a run; the better one
counts. Its seconds are taken inside, without imports and the loading of the model, whose time is told beside. Medians of paired runs. What both
answer must agree to 1e-5.
"""
import csv
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import memory
import millrace
from plain_table import table  # noqa: F401: what benchmarks/run prints

PEER = millrace.ROOT / ".venv/peers/bin/python"
PEER_SCRIPT = Path(__file__).resolve().parent / "scoring_peer.py"
KEY = "customer_id"


def make_data(folder, rows):
    """A file to score, and a few days to train on."""
    millrace.run(["datagen", "--out", folder / "days", "--days", 4, "--rows-per-day", 5000, "--quiet"], ranks=1)
    millrace.run(["datagen", "--out", folder / "many", "--days", 20, "--rows-per-day", rows // 20, "--quiet"], ranks=1)
    source = folder / "customers.csv"
    with open(source, "wb") as whole:
        for number, path in enumerate(sorted((folder / "many").glob("*.csv"))):
            with open(path, "rb") as day:
                header = day.readline()
                if number == 0:
                    whole.write(header)
                whole.write(day.read())
            path.unlink()
    return source


def train(folder):
    out = millrace.run(["run", "configs/quickstart.yaml", "--workspace", folder / "workspace", "--json", "--quiet", "--set",
                        f"data.source={folder / 'days'}", "--set", "training.epochs=1", "--set",
                        "evaluation.gate.min=0"], ranks=1)
    digest = json.loads(out)["outputs"]["package"]["artifact"]
    return folder / "workspace/objects" / digest[:2] / digest[2:]


def score(artifact, source, out, ranks, threads):
    """Seconds and peak memory of one run."""
    for left in (out, Path(f"{out}.parts")):
        subprocess.run(["rm", "-rf", left], check=True)
    command = millrace.command(["predict", artifact, source, "--out", out, "--keep", KEY, "--quiet", "--set",
                                f"data.threads={threads}"], ranks)
    begin = time.monotonic()
    process = memory.Watched(command, env=millrace.environment(), cwd=millrace.ROOT, stdout=subprocess.DEVNULL)
    if process.wait() != 0:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}")
    return time.monotonic() - begin, process.peak_mb()


def score_to_pipe(artifact, source):
    begin = time.monotonic()
    with open(os.devnull, "wb") as nowhere:
        subprocess.run([millrace.EXECUTABLE, "predict", artifact, source, "--keep", KEY, "--quiet"], check=True, stdout=nowhere)
    return time.monotonic() - begin


def ask_peer(folder, source, chunk):
    """What scoring_peer.py tells of one run."""
    done = subprocess.run([PEER, PEER_SCRIPT, folder, source, folder / "peer.csv", str(chunk)], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"the peer ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


def largest_difference(ours, theirs):
    """Of the two files' probabilities, row by row; keys and order must be the same."""
    largest = 0.0
    with open(ours, newline="") as a, open(theirs, newline="") as b:
        for mine, other in zip(csv.DictReader(a), csv.DictReader(b), strict=True):
            if mine[KEY] != other[KEY]:
                raise SystemExit(f"row {mine['row']}: other keys")
            largest = max(largest, abs(float(mine["probability"]) - float(other["probability"])))
    if largest > 1e-5:
        raise SystemExit(f"the two differ by {largest}")
    return largest


def measure(quick):
    rows, rounds = (200_000, 3) if quick else (2_000_000, 5)
    cores = min(os.cpu_count() or 1, 4)
    settings = [(1, 1), (1, cores), (cores, 1)]
    figures = {"rows": rows}
    with tempfile.TemporaryDirectory(dir=millrace.ROOT / "build") as name:
        folder = Path(name)
        source = make_data(folder, rows)
        artifact = train(folder)
        subprocess.run(["tar", "--zstd", "-xf", artifact, "-C", folder], check=True)
        seconds = {setting: [] for setting in settings}
        peer = {"whole": [], "chunked": []} if PEER.exists() else {}
        peaks, pipe, told = {}, [], {}
        for _ in range(rounds):
            for setting in settings:
                took, peak = score(artifact, source, folder / "scores.csv", *setting)
                seconds[setting].append(took)
                peaks[setting] = max(peak, peaks.get(setting, 0))
            pipe.append(score_to_pipe(artifact, source))
            for kind, chunk in {"whole": 0, "chunked": 65536}.items():
                if peer:
                    told[kind] = ask_peer(folder, source, chunk)
                    peer[kind].append(told[kind]["seconds"])
        megabytes = source.stat().st_size / 1e6
        for (ranks, threads), all_seconds in seconds.items():
            median = statistics.median(all_seconds)
            figures[f"millrace {ranks}x{threads}"] = {"rows_per_s": rows / median, "mb_per_s": megabytes / median,
                                                      "peak_mb": peaks[ranks, threads]}
        figures["millrace stdout"] = {"rows_per_s": rows / statistics.median(pipe)}
        if not peer:
            return figures | {"peer": "not installed: benchmarks/setup-peers"}
        for kind, all_seconds in peer.items():
            figures[f"peer {kind}"] = {"rows_per_s": rows / statistics.median(all_seconds)} | {
                part: told[kind][part] for part in ("read_s", "score_s", "write_s", "start_s", "peak_mb")}
        best_peer = min(peer, key=lambda kind: statistics.median(peer[kind]))
        best = min(settings, key=lambda setting: statistics.median(seconds[setting]))
        figures["vs_peer"] = statistics.median(b / a for a, b in zip(seconds[best], peer[best_peer]))
        figures["largest_difference"] = largest_difference(folder / "scores.csv", folder / "peer.csv")
    return figures
