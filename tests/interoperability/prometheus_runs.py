#!/usr/bin/env python3
"""Runs watched by Prometheus, as jobs/prometheus has it.

  prometheus_runs.py MILLRACE
promtool on the text file that runs leave, on the rules, and on each alert over made-up series (prometheus_runs.yml);
then Prometheus itself reads the files and fires for a run that failed, for a pipeline without success and for a model
that drifts, and ends each alert when the cause is gone. A small web server stands for the node exporter, which does the
same: it reads *.prom and answers with their text.
Exit 77 (skipped) with the reason where Prometheus is not installed (scripts/setup --test).
"""

import csv
import http.server
import pathlib
import re
import shutil
import sys
import tempfile
import threading
import time

import prometheus
import serving

HERE = pathlib.Path(__file__).resolve().parent
BROKEN = ["--set", "validation.expect=[{ column: age, between: [0, 1] }]"]


class Exporter(http.server.ThreadingHTTPServer):
    """Answers with the text of all *.prom files of a folder."""

    daemon_threads = True

    def __init__(self, folder: pathlib.Path):
        super().__init__(("127.0.0.1", 0), ExporterHandler)
        self.folder = folder
        threading.Thread(target=self.serve_forever, daemon=True).start()


class ExporterHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        text = b"".join(file.read_bytes() for file in sorted(self.server.folder.glob("*.prom")))
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class RunsPrometheus(prometheus.Prometheus):
    """As jobs/prometheus has it, in a hurry."""

    def __init__(self, folder: pathlib.Path, port: int):
        config = self.replaced("prometheus.yml", {
            r"(_interval:) 15s": r"\1 1s", r"\[rules.yml, runs.yml\]": "[runs.yml]", r"127\.0\.0\.1:9100": f"127.0.0.1:{port}"})
        rules = self.replaced("runs.yml", {r"\b(for|keep_firing_for): \d+[mh]": r"\1: 2s"})
        self.prepare(folder, config, {"runs.yml": rules})


def check_text(lab):
    """promtool has nothing to say against the file, and the rules ask for nothing that runs do not write."""
    text = (lab.workspace / "metrics/millrace_churn.prom").read_text()
    assert prometheus.promtool("check", "metrics", stdin=text) == ""
    written = set(re.findall(r"^(millrace_\w+)\{", text, re.MULTILINE))
    used = set(re.findall(r"\bmillrace_\w+", (prometheus.JOBS / "runs.yml").read_text()))
    drift = {"millrace_drift_level", "millrace_drift_psi"}  # monitoring writes these
    assert used - drift <= written and used & drift == drift, used - written
    assert 'millrace_dataset_rows{pipeline="churn",model="churn"} 400\n' in text, text
    assert re.search(r'^millrace_model_metric\{pipeline="churn",model="churn",metric="auc",rows="test"\} 0\.\d+$', text, re.MULTILINE)
    assert len(re.findall(r"^millrace_stage_duration_seconds\{", text, re.MULTILINE)) == 8, text


def put(folder: pathlib.Path, name: str, text: str):
    (folder / "new").write_text(text)
    (folder / "new").rename(folder / name)


def check_alerts(lab, server):
    metrics = lab.workspace / "metrics"

    def fires(name, **labels):
        alert = server.firing().get(name)
        return alert and alert["labels"].items() >= labels.items() and alert

    print("nothing fires for a run that ended well")
    prometheus.wait_for("its samples", lambda: server.ask("query", query="millrace_run_exit_code").get("result"))
    time.sleep(4)
    assert server.firing() == {}, server.firing()

    print("a run that fails fires; the next one, that ends well, ends it")
    lab.millrace("run", "churn.yaml", *BROKEN, code=3)
    alert = prometheus.wait_for("MillraceRunFailed", lambda: fires("MillraceRunFailed", pipeline="churn", severity="critical"))
    assert alert["annotations"]["summary"].startswith("The newest run of churn has ended with code 3."), alert
    lab.millrace("run", "churn.yaml")
    prometheus.wait_for("the end of MillraceRunFailed", lambda: not fires("MillraceRunFailed"))

    print("so does a success that is 27 hours old")
    earlier = f'pipeline="night",model="night"}} {time.time() - 27 * 3600}\n'
    put(metrics, "millrace_night.prom", "# TYPE millrace_run_last_success_timestamp_seconds gauge\n"
        "millrace_run_last_success_timestamp_seconds{" + earlier)
    prometheus.wait_for("MillraceNoSuccess", lambda: fires("MillraceNoSuccess", pipeline="night"))
    (metrics / "millrace_night.prom").unlink()
    prometheus.wait_for("the end of MillraceNoSuccess", lambda: not fires("MillraceNoSuccess"))

    print("and what `monitor` sees of a model that drifts, until it does no more")
    with open(lab.folder / "train.csv", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for name, shift, code in [("moved", 40, 5), ("back", 0, 0)]:
        with open(lab.folder / f"{name}.csv", "w", newline="") as out:
            writer = csv.DictWriter(out, rows[0])
            writer.writeheader()
            writer.writerows(row | {"age": row["age"] and float(row["age"]) + shift} for row in rows)
        lab.millrace("monitor", "churn.yaml", f"{name}.csv", "--set", "monitoring.min_rows=100", code=code)
        if code == 5:
            text = (metrics / "millrace_drift_churn.prom").read_text()
            assert prometheus.promtool("check", "metrics", stdin=text) == ""
        prometheus.wait_for(f"what follows on {name}", lambda: all(
            bool(fires(alert, model="churn")) == (code == 5) for alert in ["MillraceDrift", "MillraceColumnDrift"]))


def main():
    if not (shutil.which("prometheus") and shutil.which("promtool")):
        print("skipped: Prometheus is not installed (scripts/setup --test)")
        sys.exit(77)
    print("promtool: the rules, and each alert over made-up series")
    prometheus.promtool("check", "rules", prometheus.JOBS / "runs.yml")
    prometheus.promtool("test", "rules", HERE / "prometheus_runs.yml")
    with tempfile.TemporaryDirectory() as name:
        lab = serving.Lab(pathlib.Path(name))
        lab.train("churn")
        print("promtool: the metrics")
        check_text(lab)
        exporter = Exporter(lab.workspace / "metrics")
        with RunsPrometheus(lab.folder, exporter.server_port) as server:
            check_alerts(lab, server)
    print("all well")


if __name__ == "__main__":
    main()
