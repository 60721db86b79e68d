"""Ten nights of a served model whose customers change on the sixth day: what it is worth each day, what `monitor` says of the
day's requests, and what follows. Twice: prices rise, which the requests show at once; habits change, which only the labels show.

Each day a real server answers the day's rows one by one; its true labels come a night later. Each night the day's file is put
into the dump, which holds two days; `monitor` looks at the day's requests, and retrains and deploys where it is called for.
The picture (build/nights.svg, of the habits) is that of docs/monitoring.md.
"""
import csv
import datetime
import http.client
import itertools
import json
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import millrace
from svg_lines import Picture

NIGHTS, DRIFTS_FROM, KEPT_DAYS = 10, 6, 2
DRIFTS = {"prices": 3, "habits": 0.8}  # kinds and sizes
CONFIG = """
name: nights
workspace: workspace
data:
  source: dump
  target: {{ column: churned, positive: "Yes" }}
  drop: [customer_id]
  split: {{ test: 0.2, validation: 0.1 }}
validation: {{ reference: {{ dataset: none }} }}
features: {{ columns: {{ data_gb: {{ log1p: true }}, referral_code: {{ encode: embedding, dimension: 4, min_count: 100 }} }} }}
model: {{ hidden: [64, 32], dropout: 0.1, skip: true }}
training: {{ epochs: 15, learning_rate: 2e-3, early_stopping: {{ patience: 3 }} }}
evaluation: {{ gate: {{ metric: auc, not_worse_by: 0.005 }} }}
deployment: {{ endpoint: nights, mode: switch }}
monitoring:
  labels: {{ source: labels.csv }}
  retrain: {{ action: run, cooldown: 0, max_per_day: 10, command: ["{millrace}", run, --quiet] }}
"""


def make_day(folder, kind, night, rows):
    """The file of one day (night 1 is the first that is served), and the AUC that no model can beat on it."""
    first = datetime.date(2026, 10, 1) + datetime.timedelta(days=KEPT_DAYS + night - 1)
    out = folder / f"day{night}"
    summary = millrace.run_json(["datagen", "--out", out, "--days", 1, "--rows-per-day", rows, "--first-day", first, "--seed", 7,
                                 "--drift-from-day", int(night >= DRIFTS_FROM), "--drift-kind", kind, "--drift-size", DRIFTS[kind]], ranks=1)
    return next(out.glob("*.csv")), summary["best_auc"]


def typed(row, numbers):
    return {name: (float(value) if name in numbers else value) for name, value in row.items()
            if value != "" and name not in ("churned", "customer_id")}


def auc(scores, labels):
    """Mann-Whitney, ties counting half."""
    order = sorted(zip(scores, labels))
    negatives_below = pairs_in_order = 0
    for _, tied in itertools.groupby(order, key=lambda pair: pair[0]):
        outcomes = [label for _, label in tied]
        positives = sum(outcomes)
        negatives = len(outcomes) - positives
        pairs_in_order += positives * (negatives_below + negatives / 2)
        negatives_below += negatives
    return pairs_in_order / (negatives_below * (len(order) - negatives_below))


class Served:
    """A server of the endpoint, asked one row at a time."""

    def __init__(self, folder):
        self.log = open(folder / "server.log", "w")
        self.process = subprocess.Popen(
            [str(millrace.EXECUTABLE), "serve", "nights", "--workspace", str(folder / "workspace"), "--port", "0", "--quiet",
             "--request-log", str(folder / "workspace/deploy/nights/requests")],
            stdout=self.log, stderr=self.log, env=millrace.environment())
        address = folder / "workspace/deploy/nights/address"
        for _ in range(200):
            if address.exists():
                break
            time.sleep(0.05)
        self.connection = http.client.HTTPConnection(address.read_text().strip(), timeout=10)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # header and body are two packets

    def ask(self, identity, row):
        """The probability and the version that gave it."""
        self.connection.request("POST", "/v2/models/nights/predict", json.dumps({"id": identity, "rows": [row]}),
                                {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        answer = json.loads(response.read())
        if response.status != 200:
            raise SystemExit(f"HTTP {response.status}: {answer}")
        return answer["predictions"][0]["probability"], answer["version"]

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()


def serve_day(server, path, night):
    with open(path, newline="") as lines:
        rows = list(csv.DictReader(lines))
    numbers = {"age", "tenure_months", "monthly_charges", "support_calls", "data_gb"}
    answers = [server.ask(f"{night}-{i}", typed(row, numbers)) for i, row in enumerate(rows)]
    labels = [row["churned"] == "Yes" for row in rows]
    return auc([score for score, _ in answers], labels), answers[0][1], labels


def look(folder, since, labels_since):
    """What monitor says, and whether it retrained."""
    options = ["--from", since, "--json", "--quiet", "--set", f"monitoring.labels.window={labels_since:.0f}"]
    done = subprocess.run(millrace.command(["monitor", "nights.yaml", *options]), cwd=folder, capture_output=True, text=True,
                          env=millrace.environment())
    if done.returncode not in (0, 5):
        raise SystemExit(f"millrace monitor ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout), done.returncode == 5


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def run_nights(folder, kind, rows):
    (folder / "dump").mkdir()
    (folder / "nights.yaml").write_text(CONFIG.format(millrace=millrace.EXECUTABLE))
    (folder / "labels.csv").write_text("id,label\n")
    for night in range(1 - KEPT_DAYS, 1):
        shutil.copy(make_day(folder, kind, night, rows)[0], folder / "dump")
    subprocess.run(millrace.command(["run", "nights.yaml", "--quiet"]), cwd=folder, check=True, env=millrace.environment())
    server, nights, late, began = Served(folder), [], "", []
    for night in range(1, NIGHTS + 1):
        began.append((now(), time.time()))
        path, best = make_day(folder, kind, night, rows)
        served, version, labels = serve_day(server, path, night)
        time.sleep(1.5)  # the request log is written behind the answers
        with open(folder / "labels.csv", "a") as out:
            out.write(late)  # of the day before
        late = "".join(f"{night}-{i},{'Yes' if label else 'No'}\n" for i, label in enumerate(labels))
        shutil.copy(path, folder / "dump")
        sorted((folder / "dump").glob("*.csv"))[0].unlink()
        report, retrained = look(folder, began[-1][0], time.time() - began[max(0, night - 2)][1])
        nights.append({"night": night, "served_auc": served, "best_auc": best, "version": int(version), "level": report["level"],
                       "causes": report["causes"], "performance": report["performance"], "retrained": retrained})
    server.close()
    return nights


def draw(nights, path):
    picture = Picture("What a served model is worth, night by night", "night", "AUC of the day's answers")
    picture.add_line("best reachable", [(n["night"], n["best_auc"]) for n in nights], "#888888", dashed=True)
    picture.add_line("served", [(n["night"], n["served_auc"]) for n in nights], "#1f5fbf")
    picture.add_marks("then retrained", [(n["night"], n["served_auc"]) for n in nights if n["retrained"]], "#c0392b")
    picture.add_note(DRIFTS_FROM, "the customers change")
    path.write_text(picture.svg())


def measure(quick=False):
    nights = {}
    for kind in ["habits"] if quick else DRIFTS:
        with tempfile.TemporaryDirectory() as folder:
            nights[kind] = run_nights(Path(folder), kind, 4000)
    picture = millrace.ROOT / "build/nights.svg"
    draw(nights["habits"], picture)
    return {"nights": nights, "picture": str(picture.relative_to(millrace.ROOT))}


def table(figures):
    lines = []
    for kind, nights in figures["nights"].items():
        lines += [f"from night {DRIFTS_FROM} on, other {kind}:",
                  f"{'night':>5}  {'version':>7}  {'served':>7}  {'best':>7}  {'level':<8} causes"]
        for n in nights:
            lines.append(f"{n['night']:>5}  {n['version']:>7}  {n['served_auc']:>7.4f}  {n['best_auc']:>7.4f}  {n['level']:<8} "
                         f"{', '.join(n['causes'])}{' → retrained' if n['retrained'] else ''}")
    return "\n".join([*lines, f"picture: {figures['picture']}"])
