"""Seconds from CSV files to a served answer, on generated churn data: everything that a user waits for after the build.

The peer is a short Python script of the usual libraries (pandas, scikit-learn, FastAPI) in the environment that
benchmarks/setup-peers makes; where it is missing its figures are null.
"""
import json
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import millrace

ROW = {"age": 34, "contract": "month-to-month", "tenure_months": 4, "monthly_charges": 89.5}
PEER = millrace.ROOT / ".venv/peers/bin/python"


def ask(address, deadline):
    request = urllib.request.Request(f"http://{address}/v2/models/quickstart/predict",
                                     data=json.dumps({"rows": [ROW]}).encode(), method="POST")
    while True:
        try:
            return json.load(urllib.request.urlopen(request, timeout=1))
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def measure_millrace(folder, data):
    workspace = folder / "workspace"
    begin = time.monotonic()
    record = millrace.run_json(["run", "configs/quickstart.yaml", "--workspace", workspace, "--set", f"data.source={data}"])
    address_file = folder / "address"
    server = subprocess.Popen([millrace.EXECUTABLE, "serve", "quickstart", "--workspace", workspace, "--port", "0",
                               "--address-file", address_file, "--quiet"], stderr=subprocess.DEVNULL)
    try:
        while not address_file.exists():
            time.sleep(0.005)
        ask(address_file.read_text().strip(), time.monotonic() + 10)
        return time.monotonic() - begin, record["metrics"]["test"]["auc"]
    finally:
        server.terminate()
        server.wait(10)


def measure_peer(data):
    if not PEER.exists():
        return None, None
    script = Path(__file__).resolve().parent / "endtoend_peer.py"
    begin = time.monotonic()
    done = subprocess.run([PEER, script, data], capture_output=True, text=True, check=True)
    return time.monotonic() - begin, json.loads(done.stdout)["auc"]


def measure(quick):
    rows = 2000 if quick else 20000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "data"
        truth = json.loads(millrace.run(["datagen", "--out", data, "--days", 30, "--rows-per-day", rows, "--json"], ranks=1))
        seconds, auc = measure_millrace(folder, data)
        peer_seconds, peer_auc = measure_peer(data)
    return {"rows": truth["rows"], "bytes": truth["bytes"], "seconds": seconds, "auc": auc, "best_auc": truth["best_auc"],
            "peer_seconds": peer_seconds, "peer_auc": peer_auc,
            "ratio": peer_seconds / seconds if peer_seconds else None,
            "peer_missing": None if PEER.exists() else "run benchmarks/setup-peers first"}


def table(figures):
    return "\n".join(f"{key:<13} {value}" for key, value in figures.items() if value is not None)
