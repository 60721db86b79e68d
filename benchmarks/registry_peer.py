"""MLflow's answers to what benchmarks/run registry asks of Millrace, timed: JSON {way: {question: milliseconds}}.

    registry_peer.py FOLDER VERSIONS ROUNDS

One version and its run are made through MLflow's client; the others are copies of their rows in its database, which differ
in what is searched for. in_process: the client opens the sqlite file itself; server: it asks `mlflow server` over HTTP.
"""
import json
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false")
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import Metric, Param  # noqa: E402

# Of each table: the columns that differ between copies, as SQL of the copy's number n.
COPIES = {"runs": {"run_uuid": "printf('%032x', n)", "name": "'run-' || n", "start_time": "start_time + n"},
          "params": {"run_uuid": "printf('%032x', n)"},
          "metrics": {"run_uuid": "printf('%032x', n)", "value": "0.5 + (n % 1000) / 2000.0"},
          "latest_metrics": {"run_uuid": "printf('%032x', n)", "value": "0.5 + (n % 1000) / 2000.0"},
          "tags": {"run_uuid": "printf('%032x', n)"},
          "model_versions": {"version": "n", "run_id": "printf('%032x', n)"},
          "model_version_tags": {"version": "n"}}


def make(folder, versions):
    database = folder / f"mlflow-{versions}.db"
    client = MlflowClient(f"sqlite:///{database}")
    experiment = client.create_experiment("churn", artifact_location=str(folder / "artifacts"))
    run = client.create_run(experiment, tags={"appender": "a"}).info.run_id
    client.log_batch(run, [Metric(f"test.{i}" if i else "test.auc", 0.5, 1, 0) for i in range(20)],
                     [Param(f"training.parameter_{i}", str(i)) for i in range(100)])
    client.set_terminated(run)
    client.create_registered_model("churn")
    client.create_model_version("churn", "file:///nowhere", run, tags={"stage": "None", "weights": "0" * 64})
    with sqlite3.connect(database) as connection:
        for name, changed in COPIES.items():
            columns = [row[1] for row in connection.execute(f"pragma table_info({name})")]
            values = ", ".join(changed.get(column, f'"{column}"') for column in columns)
            connection.execute(f"with recursive number(n) as (select 2 union all select n + 1 from number where n < "
                               f"{versions}) insert into {name} select {values} from {name}, number")
    client.set_registered_model_alias("churn", "champion", str(versions))
    return database, client


def questions(client, versions):
    def list_all():
        found, token = 0, None
        while True:
            page = client.search_model_versions("name='churn'", max_results=10000, page_token=token)
            found, token = found + len(page), page.token
            if not token:
                assert found == versions, found
                return

    experiment = client.get_experiment_by_name("churn").experiment_id

    def search():
        client.search_runs([experiment], "metrics.`test.auc` > 0.84 and tags.appender = 'a'",
                           order_by=["attributes.start_time DESC"], max_results=5)

    def show():
        version = client.get_model_version_by_alias("churn", "champion")
        assert len(client.get_run(version.run_id).data.params) == 100

    return {"list_ms": list_all, "search_ms": search, "show_ms": show}


def median_ms(action, rounds):
    action()
    seconds = []
    for _ in range(rounds):
        begin = time.monotonic()
        action()
        seconds.append(time.monotonic() - begin)
    return 1000 * statistics.median(seconds)


def serve(database):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--backend-store-uri",
             f"sqlite:///{database}"]
    server = subprocess.Popen([Path(sys.executable).with_name("mlflow"), *words], cwd=database.parent,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    while server.poll() is None:
        try:
            urllib.request.urlopen(url + "/health").read()
            return server, url
        except OSError:
            time.sleep(0.1)
    raise SystemExit("mlflow server did not start")


def main():
    folder, versions, rounds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    database, client = make(folder, versions)
    figures = {"in_process": {name: median_ms(ask, rounds) for name, ask in questions(client, versions).items()}}
    server, url = serve(database)
    try:
        asked = questions(MlflowClient(url), versions)
        figures["server"] = {name: median_ms(ask, rounds) for name, ask in asked.items()}
    finally:
        server.terminate()
        server.wait()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
