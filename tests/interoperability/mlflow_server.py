#!/usr/bin/env python3
"""A registry shown by MLflow's own server, and read back through MLflow's own client.

  mlflow_server.py MILLRACE
Exit 77 (skipped) with the reason where MLflow is not installed (scripts/setup --test).
"""

import collections
import http.client
import http.server
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

import environment

environment.enter("mlflow")
os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_TRACKING_USERNAME="admin",
                  MLFLOW_TRACKING_PASSWORD="a-password-of-tests")

from mlflow import MlflowClient  # noqa: E402

MILLRACE = os.path.abspath(sys.argv[1])
CONFIG = """
name: churn
data:
  source: data/*.csv
  target: { column: churned, positive: "Yes" }
  drop: [customer_id]
model: { hidden: [8] }
training: { epochs: 3, batch_size: 64 }
evaluation: { gate: { not_worse_by: 1 } }
"""
AUTHENTICATION = """
[mlflow]
default_permission = READ
database_uri = sqlite:///accounts.db
admin_username = admin
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
auth_cache_ttl_seconds = 600
"""


class Server:
    """mlflow server over sqlite, with accounts and the artifact proxy."""

    def __init__(self, folder: pathlib.Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        (folder / "auth.ini").write_text(AUTHENTICATION)
        self.log = open(folder / "mlflow.log", "wb")
        words = ["server", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1", "--app-name", "basic-auth",
                 "--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", folder / "artifacts"]
        settings = dict(os.environ, MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false", MLFLOW_FLASK_SERVER_SECRET_KEY="tests",
                        MLFLOW_AUTH_ADMIN_PASSWORD=os.environ["MLFLOW_TRACKING_PASSWORD"],
                        MLFLOW_AUTH_CONFIG_PATH=str(folder / "auth.ini"))
        program = environment.PYTHON.with_name("mlflow")
        self.process = subprocess.Popen([program, *words], stdout=self.log, stderr=self.log, cwd=folder, env=settings)

    def wait(self):
        for _ in range(1000):
            try:
                urllib.request.urlopen(self.url + "/health").read()
                return
            except OSError:
                time.sleep(0.1)
            if self.process.poll() is not None:
                break
        raise SystemExit(f"MLflow did not start: {pathlib.Path(self.log.name).read_text()[-3000:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()


class Between:
    """A proxy in front of MLflow that takes a bearer token, as the proxies of organizations do, and makes trouble:
    kill_after: what asks is killed once MLflow has done its first request of this kind; lose: the first answer to each kind
    of request never comes; busy: the first request of each kind is refused with 503."""

    def __init__(self, server: Server, token: str = "", kill_after: str = "", lose: bool = False, busy: bool = False):
        self.requests = collections.Counter()  # by kind: "POST runs/create"
        self.victim = None
        between = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                kind = self.command + " " + "/".join(urllib.parse.urlsplit(self.path).path.split("/")[-2:])
                between.requests[kind] += 1
                if token and self.headers.get("authorization") != "Bearer " + token:
                    return self.give(401, b"who?", "text/plain")
                if busy and between.requests[kind] == 1:
                    return self.give(503, b"busy", "text/plain")
                status, kind_of_answer, answer = self.ask(body)
                if kind == kill_after:
                    between.victim.kill()
                if lose and between.requests[kind] == 1 or kind == kill_after:
                    self.close_connection = True
                    return None
                return self.give(status, answer, kind_of_answer)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

            def ask(self, body):
                connection = http.client.HTTPConnection("127.0.0.1", server.port)
                headers = {"content-type": self.headers.get("content-type") or "",
                           "authorization": self.headers.get("authorization") or ""}
                if token:
                    headers["authorization"] = basic_authorization()
                connection.request(self.command, self.path, body, headers)
                answer = connection.getresponse()
                return answer.status, answer.headers["content-type"], answer.read()

            def give(self, status, body, kind):
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.listener.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.listener.server_address[1]}"
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown()
        self.listener.server_close()


def basic_authorization() -> str:
    pair = os.environ["MLFLOW_TRACKING_USERNAME"] + ":" + os.environ["MLFLOW_TRACKING_PASSWORD"]
    return "Basic " + __import__("base64").b64encode(pair.encode()).decode()


class Lab:
    """A workspace with versions in its registry, and MLflow's client to look at what became of them."""

    def __init__(self, folder: pathlib.Path, server: Server):
        self.folder = folder
        self.server = server
        self.workspace = folder / "workspace"

    def connect(self):
        self.server.wait()
        self.client = MlflowClient(self.server.url)

    def millrace(self, *words, code: int = 0, **variables):
        done = subprocess.run([MILLRACE, *words], cwd=self.folder, text=True, capture_output=True, timeout=100,
                              env=dict(os.environ, **variables))
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done

    def make_version(self, model: str, *words):
        self.millrace("package", "churn.yaml", "--quiet", "--set", f"registry.model={model}", *words)

    def sync(self, url: str = "", *words, **options):
        done = self.millrace("registry", "sync", "--mlflow", url or self.server.url, "--json", *words, **options)
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr

    def shown(self, reference: str) -> dict:
        return json.loads(self.millrace("registry", "show", reference, "--json").stdout)

    def versions(self, model: str) -> list:
        return sorted(self.client.search_model_versions(f"name='{model}'"), key=lambda version: int(version.version))

    def object(self, digest: str) -> bytes:
        return (self.workspace / "objects" / digest[:2] / digest[2:]).read_bytes()

    def artifacts(self, run: str, path: str = "") -> dict:
        """name → bytes of all artifacts of the run."""
        found = {}
        for entry in self.client.list_artifacts(run, path or None):
            if entry.is_dir:
                found.update(self.artifacts(run, entry.path))
            else:
                found[entry.path] = pathlib.Path(self.client.download_artifacts(run, entry.path)).read_bytes()
        return found

    def everything(self) -> list:
        """All that MLflow holds, with the times at which it was last changed."""
        runs = self.client.search_runs([e.experiment_id for e in self.client.search_experiments()])
        histories = [dict(metric) for run in runs for name in sorted(run.data.metrics)
                     for metric in self.client.get_metric_history(run.info.run_id, name)]
        models = [dict(model) for model in self.client.search_registered_models()]
        return [str([run.to_dictionary() for run in runs]), str(histories), str(models),
                str([dict(version) for version in self.client.search_model_versions()])]


def check_version(lab: Lab, reference: str, version):
    """One of MLflow's versions against what Millrace has."""
    ours = lab.shown(reference)
    details = ours["details"]
    run = lab.client.get_run(version.run_id)
    folder = lab.workspace / "runs" / details["run"]
    assert run.info.status == "FINISHED" and run.info.run_name == details["run"], run.info
    assert run.data.tags["millrace.version"] == reference and run.data.tags["millrace.weights"] == details["weights"]
    assert run.data.tags["millrace.environment.mpi"].startswith("Open MPI"), run.data.tags
    assert run.data.params["training.batch_size"] == "64" and run.data.params["data.target.column"] == "churned"
    assert run.data.params["model.hidden"] == ("[4]" if reference == "churn/2" else "[8]")
    training = json.loads(lab.object(details["training"]))
    times = {event["epoch"]: event["time"] for event in map(json.loads, (folder / "events.jsonl").open())
             if event["event"] == "train.epoch"}
    for name in ("train_loss", "validation_loss", "learning_rate"):
        history = lab.client.get_metric_history(version.run_id, name)
        assert [(metric.step, metric.value) for metric in sorted(history, key=lambda metric: metric.step)] == [
            (epoch["epoch"], epoch[name]) for epoch in training["history"]], (name, history)
        for metric in history:
            if metric.step in times:
                stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(metric.timestamp / 1000))
                assert times[metric.step] == f"{stamp}.{metric.timestamp % 1000:03d}Z", (metric, times)
    for part, values in details["metrics"].items():
        for name, value in values.items():
            (metric,) = lab.client.get_metric_history(version.run_id, f"{part}.{name}")
            assert (metric.value, metric.step) == (value, training["best_epoch"]), metric
    assert lab.artifacts(version.run_id) == {
        "model/artifact.tar.zst": lab.object(ours["artifact"]), "evaluation.json": lab.object(details["evaluation"]),
        "config.yaml": (folder / "config.resolved.yaml").read_bytes(),
        "report.html": (folder / "report.html").read_bytes()}
    assert version.source == run.info.artifact_uri + "/model" and version.status == "READY", version
    assert version.tags["millrace.stage"] == ours["stage"] and version.tags["millrace.artifact"] == ours["artifact"]
    for name, value in ours["tags"].items():
        assert version.tags[name] == value, version.tags
    assert version.description == ours["description"], version


def check_contents(lab: Lab):
    print("runs, histories, artifacts, versions and aliases are those of the registry")
    lab.millrace("registry", "tag", "churn/2", "team=crm")
    lab.millrace("registry", "tag", "churn/2", "owner=Änne's \"lab\"")
    lab.millrace("registry", "describe", "churn/2", "a smaller one")
    lab.millrace("registry", "promote", "churn/2", "--stage", "Staging")
    assert lab.sync("", "--model", "churn") == {"versions": 2, "added": 2, "changed": 0, "aliases": 1, "warnings": []}
    first, second = lab.versions("churn")
    check_version(lab, "churn/1", first)
    check_version(lab, "churn/2", second)
    assert lab.client.get_registered_model("churn").aliases == {"champion": "2"}

    print("a second sync changes nothing")
    before = lab.everything()
    assert lab.sync("", "--model", "churn") == {"versions": 2, "added": 0, "changed": 0, "aliases": 0, "warnings": []}
    assert lab.everything() == before

    print("what has changed since is brought up to date, and what people did in MLflow stays")
    lab.client.set_model_version_tag("churn", "2", "seen", "yes")
    lab.millrace("registry", "tag", "churn/2", "team", "--delete")
    lab.millrace("registry", "tag", "churn/2", "reviewed=yes")
    lab.millrace("registry", "promote", "churn/2", "--stage", "Production")
    lab.millrace("registry", "describe", "churn/2", "the small one")
    assert lab.sync("", "--model", "churn") == {"versions": 2, "added": 0, "changed": 1, "aliases": 0, "warnings": []}
    second = lab.versions("churn")[1]
    check_version(lab, "churn/2", second)
    assert "team" not in second.tags and second.tags["seen"] == "yes", second.tags


def check_whole(lab: Lab, model: str):
    """One run and one version, whole."""
    (version,) = lab.versions(model)
    check_version(lab, f"{model}/1", version)
    experiment = lab.client.get_experiment_by_name(model)
    (run,) = lab.client.search_runs([experiment.experiment_id])
    assert run.info.run_id == version.run_id
    for name in run.data.metrics:
        steps = [metric.step for metric in lab.client.get_metric_history(version.run_id, name)]
        assert len(steps) == len(set(steps)), (name, steps)
    assert lab.client.get_registered_model(model).aliases == {"champion": "1"}


def check_kills(lab: Lab):
    print("a sync that is killed is gone on with by the next")
    steps = ["POST registered-models/create", "POST experiments/create", "POST runs/create", "POST runs/log-batch",
             "PUT model/artifact.tar.zst", "POST runs/update", "POST model-versions/create", "POST registered-models/alias"]
    for number, step in enumerate(steps):
        model = f"kill-{number}"
        lab.make_version(model)
        with Between(lab.server, kill_after=step) as between:
            between.victim = subprocess.Popen([MILLRACE, "registry", "sync", "--mlflow", between.url, "--model", model],
                                              cwd=lab.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            assert between.victim.wait(100) == -9, step
        lab.sync("", "--model", model)
        check_whole(lab, model)


def check_troubles(lab: Lab):
    for trouble in ("lose", "busy"):
        print(f"of each kind of request the first goes wrong ({trouble})")
        model = f"trouble-{trouble}"
        lab.make_version(model)
        with Between(lab.server, **{trouble: True}) as between:
            assert lab.sync(between.url, "--model", model)["added"] == 1
            for kind, count in between.requests.items():  # again, but what was made is not made again
                once = trouble == "lose" and kind.endswith("/create")
                assert count == 1 if once else count >= 2, between.requests
        check_whole(lab, model)


def check_runs(lab: Lab):
    print("a run shows its version where it is told to, and is done all the same where it cannot")
    told = ["run", "churn.yaml", "--quiet", "--set", "registry.model=told", "--set", "registry.mlflow.uri="]
    told[-1] += lab.server.url
    lab.millrace(*told)
    check_whole(lab, "told")
    warned = lab.millrace(*told[:-1], "registry.mlflow.uri=http://127.0.0.1:1")
    assert "not shown in MLflow: cannot fetch 'http://127.0.0.1:1/version'" in warned.stderr, warned.stderr


def check_searches(lab: Lab):
    print("a search is a run, with its trials and the run with the best values below it")
    space = "{ training.learning_rate: { choice: [0.001, 0.01, 0.1] }, model.hidden: { choice: [[4], [8]] } }"
    lab.millrace("tune", "churn.yaml", "--quiet", "--run", "--set", "registry.model=found", "--set", "tuning.name=seek",
                 "--set", f"tuning.space={space}", "--set", "tuning.trials=4", "--set", "tuning.metric=loss")
    search = json.loads((lab.workspace / "tuning/seek/search.json").read_text())
    lab.sync("", "--model", "found")
    (version,) = lab.versions("found")
    runs = lab.client.search_runs([lab.client.get_experiment_by_name("found").experiment_id])
    (parent,) = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    assert parent.info.run_name == "search seek" and parent.info.status == "FINISHED", parent
    below = {run.info.run_name: run for run in runs if run.data.tags.get("mlflow.parentRunId") == parent.info.run_id}
    assert below.pop(lab.shown("found/1")["details"]["run"]).info.run_id == version.run_id
    assert set(below) == {f"seek trial {number}" for number in range(4)}, below
    for trial in search["trials"]:
        run = below[f"seek trial {trial['trial']}"]
        assert {name: json.loads(value) for name, value in run.data.params.items()} == trial["values"], run
        losses = lab.client.get_metric_history(run.info.run_id, "validation_loss")
        assert {m.step: m.value for m in losses} == {e["epoch"]: e["validation_loss"] for e in trial["curve"]}, losses
        scores = lab.client.get_metric_history(run.info.run_id, "score.loss")
        assert {m.step: m.value for m in scores} == {s["epochs"]: s["score"] for s in trial["scores"]}, scores
    before = lab.everything()
    lab.sync("", "--model", "found")
    assert lab.everything() == before


def expect_failure(lab: Lab, url: str, *parts: str, words=(), **variables):
    error = lab.sync(url, *words, code=6, **variables)
    for part in (url, *parts):
        assert part in error, (part, error)
    assert error.count("millrace: error: ") == 1, error


def check_refusals(lab: Lab):
    print("a token is given by reference, and is nowhere to be seen")
    (lab.folder / "token").write_text("s3cret-token\n")
    with Between(lab.server, token="s3cret-token") as between:
        lab.sync(between.url, "--token", "file:" + str(lab.folder / "token"), "--model", "churn")
        lab.sync(between.url, "--token", "env:SOME_TOKEN", "--model", "churn", SOME_TOKEN="s3cret-token")
        lab.sync(between.url, "--model", "churn", MLFLOW_TRACKING_TOKEN="s3cret-token")
        expect_failure(lab, between.url, "401", "token or password is wrong", SOME_TOKEN="s3cret-wrong",
                       words=["--token", "env:SOME_TOKEN"])
    given = lab.millrace("registry", "sync", "--mlflow", lab.server.url, "--token", "s3cret-token", code=2).stderr
    assert "env:NAME or file:PATH" in given and "s3cret" not in given, given
    for path in lab.workspace.rglob("*"):
        assert not path.is_file() or b"s3cret" not in path.read_bytes(), path

    print("whoever is not known is told so")
    expect_failure(lab, lab.server.url, "401", "token or password is wrong", MLFLOW_TRACKING_PASSWORD="other")
    expect_failure(lab, lab.server.url, "401", "no token is given", MLFLOW_TRACKING_USERNAME="")

    print("artifacts that MLflow does not take itself are not sent, and it says so")
    lab.client.create_experiment("elsewhere", artifact_location="s3://bucket/folder")
    lab.make_version("far")
    result = lab.sync("", "--model", "far", "--experiment", "elsewhere")
    assert result["added"] == 1 and "s3://bucket" in result["warnings"][0], result
    (version,) = lab.versions("far")
    assert version.source.startswith("s3://bucket/folder/") and version.tags["millrace.stage"] == "None", version

    print("an experiment that was deleted is not written to")
    lab.client.delete_experiment(lab.client.get_experiment_by_name("elsewhere").experiment_id)
    lab.make_version("far", "--set", "training.seed=2")
    expect_failure(lab, lab.server.url, "deleted the experiment 'elsewhere'",
                   words=["--model", "far", "--experiment", "elsewhere"])


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with Server(folder) as server:
            lab = Lab(folder, server)
            (folder / "churn.yaml").write_text(CONFIG)
            lab.millrace("datagen", "--out", "data", "--days", "2", "--rows-per-day", "200", "--quiet")
            lab.make_version("churn")
            lab.make_version("churn", "--set", "model.hidden=[4]")
            lab.connect()
            check_contents(lab)
            check_troubles(lab)
            check_runs(lab)
            check_searches(lab)
            check_refusals(lab)
            check_kills(lab)
    print("all well")


if __name__ == "__main__":
    main()
