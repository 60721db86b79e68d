"""The 31st night of a partitioned source: 28 generated days, trained in full, then two nights that go on from there, then one more,
which is measured: kept files, kept feature shards, warm start on the newest days at a third of the learning rate. Beside it a run that
begins with an empty workspace, on the same data: seconds, where they go, and the AUC of both models on a 32nd day that neither has
seen.

MILLRACE_DAY_ROWS: rows of a day, 200,000 unless given (22 MB; 5 GB a day are 46,000,000).
"""
import csv
import datetime
import os
import tempfile
import time
from pathlib import Path

import millrace
from nights import auc

DAYS, NIGHTS, WINDOW, REPLAY = 30, 2, 3, 0.1
GENTLY = ["--set", "training.learning_rate=3e-4"]  # of a model that has learned already
ROWS, QUICK_ROWS = int(os.environ.get("MILLRACE_DAY_ROWS", 200_000)), 6_000
STAGES = ["ingest", "validate", "features", "train", "evaluate", "register", "package", "deploy"]
CONFIG = """
name: incremental
workspace: {workspace}
data:
  source: data
  target: {{ column: churned, positive: "Yes" }}
  drop: [customer_id, day]
  split: {{ test: 0.2, validation: 0.1 }}
validation: {{ reference: {{ dataset: none }} }}
features: {{ columns: {{ data_gb: {{ log1p: true }} }} }}
model: {{ hidden: [64, 32], skip: true }}
training: {{ epochs: 6, learning_rate: 1e-3, early_stopping: {{ patience: 3 }} }}
retrain: {{ warm_start: {warm}, window: {window}, replay: {replay}, full_every: 0 }}
evaluation: {{ gate: {{ metric: auc, not_worse_by: 0.01 }} }}
deployment: {{ mode: switch }}
"""


def make_days(folder, days, rows):
    """Files folder/data/day=DATE/part.csv, and the last one beside them, as folder/unseen.csv."""
    first = datetime.date(2026, 10, 1)
    millrace.run(["datagen", "--out", folder / "made", "--days", days + 1, "--rows-per-day", rows, "--first-day", first,
                  "--seed", 7, "--quiet"], ranks=1)
    files = sorted((folder / "made").glob("*.csv"))
    files[-1].rename(folder / "unseen.csv")
    for number, file in enumerate(files[:-1]):
        place = folder / "later" / f"day={first + datetime.timedelta(days=number)}"
        place.mkdir(parents=True)
        file.rename(place / "part.csv")


def arrive(folder, count):
    (folder / "data").mkdir(exist_ok=True)
    for place in sorted((folder / "later").iterdir())[:count]:
        place.rename(folder / "data" / place.name)


def configure(folder, workspace, warm):
    path = folder / f"{workspace}.yaml"
    path.write_text(CONFIG.format(workspace=workspace, warm=str(warm).lower(), window=WINDOW, replay=REPLAY))
    return path


def night(config, settings=()):
    begin = time.monotonic()
    record = millrace.run_json(["run", config, *settings])
    seconds = time.monotonic() - begin
    return {"seconds": seconds, "stages": {stage["name"]: stage["seconds"] for stage in record["stages"]},
            "dataset": record["outputs"]["ingest"]["dataset"]}


def auc_on_unseen(folder, workspace):
    out = folder / f"{workspace}.csv"
    millrace.run(["predict", "incremental@champion", folder / "unseen" / "*" / "part.csv", "--workspace", folder / workspace,
                  "--out", out, "--keep", "churned", "--quiet"], ranks=1)
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return auc([float(row["probability"]) for row in rows], [row["churned"] == "Yes" for row in rows])


def measure(quick=False):
    with tempfile.TemporaryDirectory(prefix="millrace-incremental-") as name:
        folder = Path(name)
        make_days(folder, DAYS + 1, QUICK_ROWS if quick else ROWS)
        unseen = folder / "unseen" / "day=2026-11-01"
        unseen.mkdir(parents=True)
        (folder / "unseen.csv").rename(unseen / "part.csv")
        going_on = configure(folder, "going-on", True)
        arrive(folder, DAYS - NIGHTS)
        night(going_on)
        for _ in range(NIGHTS):
            arrive(folder, 1)
            night(going_on, GENTLY)
        arrive(folder, 1)
        bytes_of_day = (folder / "data" / "day=2026-10-31" / "part.csv").stat().st_size
        last = night(going_on, GENTLY)
        full = night(configure(folder, "full", False))
        if last["dataset"] != full["dataset"]:
            raise SystemExit("the two versions of the data differ")
        scores = {workspace: auc_on_unseen(folder, workspace) for workspace in ("going-on", "full")}
    return {"days": DAYS + 1, "bytes_of_day": bytes_of_day, "night_s": last["seconds"], "full_s": full["seconds"],
            "speedup": full["seconds"] / last["seconds"], "night_auc": scores["going-on"], "full_auc": scores["full"],
            "auc_difference": scores["going-on"] - scores["full"], "night_stages_s": last["stages"], "full_stages_s": full["stages"]}


def table(figures):
    lines = [f"{figures['days']} days of {figures['bytes_of_day'] / 1e6:.1f} MB", "",
             "| stage | the last night, s | a full run, s |", "|---|---|---|"]
    for stage in STAGES:
        lines.append(f"| {stage} | {figures['night_stages_s'].get(stage, 0):.2f} | {figures['full_stages_s'].get(stage, 0):.2f} |")
    lines.append(f"| in all | {figures['night_s']:.2f} | {figures['full_s']:.2f} |")
    lines += ["", f"{figures['speedup']:.1f} times as fast; AUC on an unseen day {figures['night_auc']:.4f} and {figures['full_auc']:.4f} "
              f"({figures['auc_difference']:+.4f})"]
    return "\n".join(lines)
