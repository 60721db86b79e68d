"""Seconds from CSV files to a served answer: everything that a user waits for after the build. On telco-churn, adult and
generated data of 1 GB (30 MB with --quick); AUC on the same test rows (row_index % 5 == 4) and peak memory beside it.

The peer is a Python script of the usual libraries (Polars, LightGBM, FastAPI), in the environment that
benchmarks/setup-peers makes; where it is missing its figures are null. Both use all cores.
"""
import json
import os
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import memory
import millrace

PEER = millrace.ROOT / ".venv/peers/bin/python"
DATA = Path(os.environ.get("MILLRACE_DATA", millrace.ROOT.parent / "shared/data"))
ADULT = ("age workclass fnlwgt education education_num marital_status occupation relationship race sex capital_gain "
         "capital_loss hours_per_week native_country income").split()

TASKS = {
    "telco-churn": {"files": [str(DATA / "telco-churn/Telco-Customer-Churn.csv")], "names": None, "missing": ["", " "],
                    "target": "Churn", "positive": ["Yes"], "drop": ["customerID"]},
    "adult": {"files": [str(DATA / "adult/adult.data"), str(DATA / "adult/adult.test")], "names": ADULT,
              "missing": ["", "?", " ?"], "target": "income", "positive": [">50K", ">50K."], "drop": ["education"]},
    "generated": {"files": None, "names": None, "missing": [""], "target": "churned", "positive": ["Yes"],
                  "drop": ["customer_id", "signup_date"]},
}
ROWS = {"telco-churn": {"tenure": 4, "Contract": "Month-to-month", "MonthlyCharges": 89.5},
        "adult": {"age": 34, "occupation": "Sales", "hours_per_week": 40},
        "generated": {"age": 34, "contract": "month-to-month", "tenure_months": 4, "monthly_charges": 89.5}}


def ask(address, model, row):
    request = urllib.request.Request(f"http://{address}/v2/models/{model}/predict",
                                     data=json.dumps({"rows": [row]}).encode(), method="POST")
    until = time.monotonic() + 10
    while True:
        try:
            return json.load(urllib.request.urlopen(request, timeout=1))
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def run_watched(command, **options):
    process = memory.Watched(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    out, err = process.communicate()
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{err}")
    return out, process.peak_mb()


def measure_millrace(folder, name, task):
    config = "quickstart" if name == "generated" else name
    # Millions of rows need few epochs, and larger batches.
    more = ["--set", f"data.source={folder / 'data'}", "--set", "training.epochs=3", "--set",
            "training.batch_size=1024"] if name == "generated" else []
    address = folder / "address"
    begin = time.monotonic()
    out, peak = run_watched(millrace.command(["run", f"configs/{config}.yaml", "--workspace", folder / "workspace",
                                              "--json", "--quiet", *more]),
                            env=millrace.environment(), cwd=millrace.ROOT)
    server = subprocess.Popen([millrace.EXECUTABLE, "serve", config, "--workspace", folder / "workspace", "--port", "0",
                               "--address-file", address, "--quiet"], stderr=subprocess.DEVNULL)
    try:
        while not address.exists():
            time.sleep(0.002)
        ask(address.read_text().strip(), config, ROWS[name])
        seconds = time.monotonic() - begin
    finally:
        server.terminate()
        server.wait(10)
    return {"seconds": seconds, "auc": json.loads(out)["metrics"]["test"]["auc"], "peak_mb": peak}


def measure_peer(task):
    script = Path(__file__).resolve().parent / "endtoend_peer.py"
    begin = time.monotonic()
    out, peak = run_watched([PEER, script, json.dumps(task)])
    return {"peer_seconds": time.monotonic() - begin, "peer_auc": json.loads(out)["auc"], "peer_peak_mb": peak}


def measure_one(name, size):
    with tempfile.TemporaryDirectory() as temporary:
        folder, task = Path(temporary), dict(TASKS[name])
        if name == "generated":
            millrace.run(["datagen", "--out", folder / "data", "--days", 10, "--bytes", size, "--quiet"], ranks=1)
            task["files"] = sorted(map(str, (folder / "data").glob("*.csv")))
        figures = {"bytes": sum(os.path.getsize(path) for path in task["files"])}
        figures |= measure_millrace(folder, name, task)
        if PEER.exists():
            figures |= measure_peer(task)
            figures["ratio"] = figures["peer_seconds"] / figures["seconds"]
        return figures


def measure(quick):
    figures = {name: measure_one(name, 30_000_000 if quick else 1_000_000_000) for name in TASKS}
    if not PEER.exists():
        figures["peer_missing"] = "run benchmarks/setup-peers first"
    return figures


def table(figures):
    lines = [f"{'':<12} {'MB':>7} {'s':>7} {'AUC':>7} {'peak MB':>8}   {'peer s':>7} {'AUC':>7} {'peak MB':>8}   {'ratio':>5}"]
    for name, one in figures.items():
        if name not in TASKS:
            lines.append(f"{name}: {one}")
            continue
        line = f"{name:<12} {one['bytes'] / 1e6:>7.1f} {one['seconds']:>7.2f} {one['auc']:>7.4f} {one['peak_mb']:>8.0f}"
        if "ratio" in one:
            line += (f"   {one['peer_seconds']:>7.2f} {one['peer_auc']:>7.4f} {one['peer_peak_mb']:>8.0f}"
                     f"   {one['ratio']:>5.2f}")
        lines.append(line)
    return "\n".join(lines)
