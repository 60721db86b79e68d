"""A wide table: rows x 1,000 columns of real numbers, all different, as CSV; ten of the columns have moved. `millrace monitor` on one
rank and on two, each with one thread, against the profile in the artifact of a model of 20,000 such rows (--quick: 2,000); seconds of whole processes,
and the peak memory of a rank. Evidently's drift report gets as many + as many rows of the first 100 columns as pandas frames (its
seconds leave out imports and reading); vs_evidently compares cells a second.

3,000,000 rows (27 GB in the folder build/); --quick: 20,000.
"""
import json
import subprocess
import tempfile
import time
from pathlib import Path

import millrace
from plain_table import table  # noqa: F401: what benchmarks/run prints

COLUMNS, MOVED, PEER_COLUMNS = 1000, 10, 100
DATA_SCRIPT = Path(__file__).resolve().parent / "drift_wide_data.py"
DATA_PYTHON = millrace.ROOT / ".venv/peers/bin/python"
PEER = millrace.ROOT / ".venv/evidently/bin/python"
PEER_SCRIPT = Path(__file__).resolve().parent / "drift_peer.py"


def make(path, rows, moved, seed):
    subprocess.run([DATA_PYTHON, DATA_SCRIPT, path, str(rows), str(COLUMNS), str(moved), str(seed)], check=True)


def configure(folder):
    config = {"name": "wide", "workspace": str(folder / "workspace"),
              "data": {"source": str(folder / "reference.csv"), "target": {"column": "y"}},
              "validation": {"leakage": {"action": "ignore"}, "outliers": {"method": "none"}},
              "model": {"hidden": [8]}, "training": {"epochs": 1}, "evaluation": {"gate": False}}
    (folder / "config.yaml").write_text(json.dumps(config))
    return folder / "config.yaml"


def peak_megabytes(command, out):
    """Seconds of the command, and the most that any process of it (GNU time under each rank) has had resident."""
    begin = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=open(out, "w"), env=millrace.environment(), cwd=millrace.ROOT)
    seconds = time.monotonic() - begin
    if done.returncode not in (0, 5):
        raise SystemExit(f"monitor ended with {done.returncode}: {Path(out).read_text()}")
    peaks = [int(line.split()[1]) for line in Path(out).read_text().splitlines() if line.startswith("peak ")]
    return seconds, max(peaks) / 1024, json.loads(done.stdout)


def look(folder, config, ranks):
    words = ["/usr/bin/time", "-f", "peak %M", str(millrace.EXECUTABLE), "monitor", str(config), str(folder / "current"), "--json",
             "--quiet", "--set", "data.threads=1"]
    launcher = ["mpirun", "-q", "-n", str(ranks), "--oversubscribe", "--bind-to", "none"] if ranks > 1 else []
    return peak_megabytes([*launcher, *words], folder / "err")


def ask_peer(folder, rows):
    if not PEER.exists():
        return "not installed: benchmarks/setup-peers"
    columns = {f"c{i}": "num" for i in range(PEER_COLUMNS)}
    (folder / "small.csv").write_text("".join(line for line, _ in zip(open(next((folder / "current").iterdir())), range(rows + 1))))
    done = subprocess.run([PEER, PEER_SCRIPT, "report", folder / "reference.csv", folder / "small.csv", json.dumps(columns)],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["seconds"]


def measure(quick):
    rows, files, reference_rows = (20_000, 2, 2_000) if quick else (3_000_000, 10, 20_000)
    with tempfile.TemporaryDirectory(dir=millrace.ROOT / "build") as name:
        folder = Path(name)
        (folder / "current").mkdir()
        make(folder / "reference.csv", reference_rows, 0, 0)
        for number in range(files):
            make(folder / f"current/{number}.csv", rows // files, MOVED, number + 1)
        config = configure(folder)
        millrace.run(["run", config, "--quiet"], ranks=2)
        two, megabytes, report = look(folder, config, 2)
        one, _, alone = look(folder, config, 1)
        size = sum(path.stat().st_size for path in (folder / "current").iterdir())
        peer = ask_peer(folder, reference_rows)
    named = [column["name"] for column in report["columns"] if column["level"] == "retrain"]
    if report != alone or named != [f"c{i}" for i in range(MOVED)]:
        raise SystemExit(f"one and two ranks differ, or other columns than the first {MOVED} are named: {named}")
    ours = rows * COLUMNS / two
    return {"rows": rows, "columns": COLUMNS, "gigabytes": size / 1e9, "seconds": two, "seconds_1_rank": one, "scaling_2_ranks": one / two,
            "gb_per_s": size / 1e9 / two, "peak_rss_mb": megabytes, "evidently_seconds": peer,
            "vs_evidently": peer if isinstance(peer, str) else ours / (reference_rows * PEER_COLUMNS / peer)}
