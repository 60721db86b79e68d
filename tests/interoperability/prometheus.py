#!/usr/bin/env python3
"""A server watched by Prometheus, as jobs/prometheus has it.

  prometheus.py MILLRACE
promtool on what /metrics gives, on the configuration and the rules, and on each alert over made-up series
(prometheus_rules.yml); then Prometheus itself finds a server by its targets.json, with TLS and a token, counts what was
asked of it, and fires for a version that was made slow and for a server that is gone.
Exit 77 (skipped) with the reason where Prometheus is not installed (scripts/setup --test).
"""

import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import serving

HERE = pathlib.Path(__file__).resolve().parent
JOBS = HERE.parents[1] / "jobs/prometheus"
ROWS = {"rows": serving.make_rows(3, 11, odd=0, missing=0)}


def promtool(*words, stdin=None, code=0):
    done = subprocess.run(["promtool", *map(str, words)], input=stdin, text=True, capture_output=True, timeout=60)
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    return done.stderr


def check_metrics(server):
    """Triton's names break the rules for names of counters, but they are Triton's; promtool has nothing against ours."""
    assert server.ask("POST", "/v2/models/churn/predict", ROWS)[0] == 200
    status, headers, content = server.ask("GET", "/metrics")
    assert status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4"), headers
    complaints = promtool("check", "metrics", stdin=content.decode(), code=3).splitlines()
    others = [complaint for complaint in complaints if not complaint.startswith("nv_inference_")]
    assert complaints and not others, others
    names = set(re.findall(r"^([a-z_]+)(?=[ {])", content.decode(), re.MULTILINE))
    used = set(re.findall(r"\b(?:nv_inference|millrace)_[a-z_]+", (JOBS / "rules.yml").read_text()))
    assert len(used) > 5 and used <= names, used - names


class Prometheus:
    """As jobs/prometheus has it, in a hurry: intervals, windows and patience of seconds instead of minutes."""

    def __init__(self, folder: pathlib.Path, targets: pathlib.Path):
        config = self.replaced("prometheus.yml", {
            r"(_interval:) 15s": r"\1 2s", r"- \S*/targets\.json": f"- {targets}",
            r"# (authorization|tls_config):": r"\1:", r"/etc/millrace/token": str(folder / "token"),
            r"/etc/millrace/ca.pem": str(folder / "server.pem")})
        rules = self.replaced("rules.yml", {r"\bfor: \d+m": "for: 2s", r"\[5m\]": "[10s]"})
        self.prepare(folder, config, {"rules.yml": rules, "runs.yml": (JOBS / "runs.yml").read_text()})

    def prepare(self, folder: pathlib.Path, config: str, rules):
        (folder / "prometheus.yml").write_text(config)
        for name, text in rules.items():
            (folder / name).write_text(text)
        promtool("check", "config", folder / "prometheus.yml")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.log = open(folder / "prometheus.log", "w+")
        self.words = ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/series",
                      f"--web.listen-address={self.address}"]

    @staticmethod
    def replaced(name: str, changes):
        text = (JOBS / name).read_text()
        for pattern, new in changes.items():
            text, count = re.subn(pattern, new, text)
            assert count > 0, (name, pattern)
        return text

    def __enter__(self):
        self.process = subprocess.Popen(self.words, stdout=self.log, stderr=self.log)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()

    def ask(self, what: str, **query):
        """The data of an answer of its API; {} until it is ready."""
        assert self.process.poll() is None, pathlib.Path(self.log.name).read_text()[-3000:]
        try:
            with urllib.request.urlopen(f"http://{self.address}/api/v1/{what}?{urllib.parse.urlencode(query)}") as answer:
                return json.load(answer)["data"]
        except OSError as error:
            if isinstance(error, urllib.error.HTTPError) and error.code != 503:
                raise
            return {}

    def firing(self):
        return {alert["labels"]["alertname"]: alert for alert in self.ask("alerts").get("alerts", [])
                if alert["state"] == "firing"}


def wait_for(what: str, condition, seconds=90):
    end = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < end, f"in {seconds} s not there: {what}"
        time.sleep(0.2)
    return result


def publish(server, targets: pathlib.Path):
    """As jobs/slurm/serve.sbatch does."""
    entry = {"targets": [server.address], "labels": {"__scheme__": "https", "endpoint": "churn", "slurm_job_id": "7"}}
    (targets.parent / "targets.new").write_text(json.dumps([entry]))
    (targets.parent / "targets.new").rename(targets)


def check_alerts(lab, targets, prometheus, authority, token):
    words = ["--tls-certificate", authority, "--tls-key", lab.folder / "server.key", "--tokens", lab.folder / "token"]
    with serving.Server(lab, "--endpoint", "churn", *words, MILLRACE_FAULTS="score:churn/1:delay=0.3s") as server:
        publish(server, targets)
        print("a server is found by its file and asked for its metrics")
        wait_for("the target", lambda: [each for each in prometheus.ask("targets").get("activeTargets", [])
                                        if each["health"] == "up" and each["labels"]["endpoint"] == "churn"])
        print("a slow version fires an alert")
        asked = 0

        def slow_alert():
            nonlocal asked
            headers = {"Authorization": f"Bearer {token}"}
            assert server.ask("POST", "/v2/models/churn/predict", ROWS, headers, authority)[0] == 200
            asked += 1
            return prometheus.firing().get("MillraceSlow")

        alert = wait_for("MillraceSlow", slow_alert)
        assert alert["labels"].items() >= {"endpoint": "churn", "instance": server.address, "model": "churn",
                                           "version": "1", "arm": "current", "severity": "warning"}.items(), alert
        assert alert["annotations"]["summary"].startswith("One request in 100 to churn/1 takes "), alert
        assert float(alert["value"]) > 0.2, alert  # the histogram's border below 0.3 s
        # A machine that is busy may have missed it for two seconds.
        assert set(prometheus.firing()) - {"MillraceServerDown"} == {"MillraceSlow"}, prometheus.firing()

        print("its counts are those of what was asked")
        for name, count in [("nv_inference_request_success", asked), ("nv_inference_count", 3 * asked),
                            ("millrace_request_seconds_count", asked)]:
            query = f'{name}{{endpoint="churn",model="churn",version="1"}}'
            wait_for(f"{name} {count}", lambda: [each for each in prometheus.ask("query", query=query).get("result", [])
                                                 if each["value"][1] == str(count)])
    print("a server that is gone fires one, too")
    gone = wait_for("MillraceServerDown", lambda: prometheus.firing().get("MillraceServerDown"))
    assert gone["labels"]["instance"] == server.address and gone["labels"]["severity"] == "critical", gone


def main():
    if not (shutil.which("prometheus") and shutil.which("promtool")):
        print("skipped: Prometheus is not installed (scripts/setup --test)")
        sys.exit(77)
    print("promtool: the configuration, and each alert over made-up series")
    promtool("check", "config", JOBS / "prometheus.yml")
    promtool("check", "rules", JOBS / "rules.yml")
    promtool("test", "rules", HERE / "prometheus_rules.yml")
    with tempfile.TemporaryDirectory() as name:
        lab = serving.Lab(pathlib.Path(name))
        lab.train("churn")
        print("promtool: the metrics")
        with serving.Server(lab, "--endpoint", "churn") as server:
            check_metrics(server)
        targets = lab.workspace / "deploy/churn/targets.json"
        authority, token = lab.certificate(), lab.secret("token")
        with Prometheus(lab.folder, targets) as prometheus:
            check_alerts(lab, targets, prometheus, authority, token)
    print("all well")


if __name__ == "__main__":
    main()
