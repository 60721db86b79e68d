"""Servers of one model on one core, loaded from the other: Millrace's beside a bare epoll server that parses nothing and
always answers the same (the floor), FastAPI on uvicorn with ONNX Runtime, and mosec, a native HTTP server before Python
workers, with ONNX Runtime. The same infer requests to all, each row without missing values; their answers must agree.

rps: answered requests a second at saturation, 16 connections asking without pause; server_us: processor time of the server
for each; core_share: what that is of its core, near 1 where the server was the limit and not the load; mb: its memory (PSS). p50_ms, p99_ms, p999_ms: from when a request was due until its answer, at half of that rate,
Poisson arrivals. Medians over rounds in which the servers take turns.

model_us: the model alone, as Millrace's /metrics count it under that load; onnxruntime_us: ONNX Runtime's session on the
same rows, its inputs made beforehand. switch: requests that failed while the endpoint was deployed to twice under half
load, and seconds from the deployment's end until its version answers. overload: three times saturation over 1,024
connections: what is still answered, as a share of saturation over as many connections (of_16_connections: of the other),
and seconds until half load is answered again.

Models: telco-churn's and one of 512-256-128 units on generated data; batches of 1, 8 and 64 rows. With --quick one round,
without batches of 8, and the large model with one row and without mosec. On a machine that has other work as well, only
server_us and the ratios of it mean something: see core_share.
"""
import contextlib
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import millrace
from plain_table import table  # noqa: F401: what benchmarks/run prints

sys.path.insert(0, str(Path(__file__).resolve().parent / "serving"))
import servers  # noqa: E402
from servers import Missing  # noqa: E402

CONNECTIONS = 16
ROWS = 64  # of which requests are made
CONFIGS = {"telco": ("configs/telco-churn.yaml", "telco-churn"), "wide": ("configs/quickstart.yaml", "quickstart")}


class Model:
    """A pipeline's artifact, its graph, and requests for it."""

    def __init__(self, name, folder, quick):
        self.name, self.folder, self.quick = name, folder, quick
        self.config, self.endpoint = CONFIGS[name]
        self.workspace = folder / f"{name}-workspace"
        self.settings = ["--workspace", self.workspace, "--quiet"]
        for setting in self.set():
            self.settings += ["--set", setting]
        millrace.run(["run", self.config, *self.settings])
        self.artifact = self.artifact_of_latest()
        to = folder / f"{name}-artifact"
        millrace.run(["package", "extract", self.artifact, "--to", to], ranks=1)
        self.onnx = to / "model.onnx"

    def set(self):
        if self.name == "telco":
            return ["evaluation.gate.not_worse_by=1"]
        data = self.folder / "data"
        millrace.run(["datagen", "--out", data, "--days", 2, "--rows-per-day", 2000, "--quiet"], ranks=1)
        return [f"data.source={data}/*.csv", "model.hidden=[512,256,128]", "training.epochs=1",
                "evaluation.gate.min=0", "evaluation.gate.not_worse_by=1"]

    def artifact_of_latest(self):
        digest = json.loads((self.workspace / "runs/latest/run.json").read_text())["outputs"]["package"]["artifact"]
        return self.workspace / "objects" / digest[:2] / digest[2:]

    def run_of_latest(self):
        return json.loads((self.workspace / "runs/latest/run.json").read_text())["run"]

    def learn_inputs(self, server):
        metadata = json.loads(server.get(f"/v2/models/{self.endpoint}"))
        self.inputs = [(one["name"], one["datatype"]) for one in metadata["inputs"]]
        self.rows = self.complete_rows()

    def complete_rows(self):
        source = (millrace.data_folder() / "telco-churn/Telco-Customer-Churn.csv" if self.name == "telco"
                  else sorted((self.folder / "data").glob("*.csv"))[0])
        with open(source, newline="") as lines:
            rows = (row for row in csv.DictReader(lines) if all(row[name].strip() for name, _ in self.inputs))
            return [row for row, _ in zip(rows, range(ROWS))]

    def bodies(self, batch):
        """Files, one a request."""
        paths = []
        for first in range(0, ROWS, batch):
            rows = self.rows[first:first + batch]
            tensors = [{"name": name, "datatype": kind, "shape": [len(rows), 1],
                        "data": [value(row[name], kind) for row in rows]} for name, kind in self.inputs]
            paths.append(self.folder / f"{self.name}-b{batch}-{first}.json")
            paths[-1].write_text(json.dumps({"inputs": tensors}, separators=(",", ":")))
        return paths


def value(text, kind):
    if kind == "BOOL":
        return text.lower() in ("true", "yes", "1")
    return text if kind == "BYTES" else int(text) if kind == "INT64" else float(text)


def load_command(model, server, bodies, seconds, *options):
    command = ["taskset", "-c", servers.LOAD_CORE, millrace.EXECUTABLE, "load", model.endpoint, "--address",
               server.address, "--protocol", "infer", "--duration", seconds, "--warmup", 0.2, "--spin", "--json", "--quiet",
               *options]
    for body in bodies:
        command += ["--body", body]
    return list(map(str, command))


def load(*arguments):
    done = subprocess.run(load_command(*arguments), capture_output=True, text=True, env=millrace.environment())
    if done.returncode != 0:
        raise SystemExit(f"millrace load ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


def saturate(model, server, bodies, seconds, connections=CONNECTIONS):
    used = server.cpu_seconds()
    found = load(model, server, bodies, seconds, "--connections", connections)
    server_us = 1e6 * (server.cpu_seconds() - used) / found["answers"]
    return {"rps": found["throughput"], "server_us": server_us, "core_share": found["throughput"] * server_us / 1e6}


def half_load(model, server, bodies, seconds, rate):
    found = load(model, server, bodies, seconds, "--connections", 64, "--rate", rate / 2)
    latency = found["latency_ms"]
    return {"p50_ms": latency["p50"], "p99_ms": latency["p99"], "p999_ms": latency["p99.9"]}


def medians(rounds):
    return {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}


def infer_us(server):
    """Sum of the model's time, and how often it ran."""
    lines = dict(line.rsplit(" ", 1) for line in server.get("/metrics").splitlines() if not line.startswith("#"))
    return [sum(float(number) for name, number in lines.items() if name.startswith(counter))
            for counter in ("nv_inference_compute_infer_duration_us", "nv_inference_exec_count")]


def require_equal(model, running, body):
    found = {}
    for name, server in running.items():
        if name != "bare":
            answer = json.loads(server.post(f"/v2/models/{model.endpoint}/infer", body))
            found[name] = next(one["data"] for one in answer["outputs"] if one["name"] == "probability")
    for name, probabilities in found.items():
        if any(abs(ours - theirs) > 1e-5 for ours, theirs in zip(found["millrace"], probabilities, strict=True)):
            raise SystemExit(f"{name} answers {probabilities}, and Millrace {found['millrace']}")


def start(model, folder, quick, stack):
    """Millrace's server and the peers; for those that are missing, why."""
    running, missing = {}, {}
    running["millrace"] = servers.millrace_server(folder, "--artifact", model.artifact)
    stack.callback(running["millrace"].stop)
    model.learn_inputs(running["millrace"])
    starts = {"python": lambda: servers.python_server(folder, model.onnx),
              "mosec": lambda: servers.mosec_server(folder, model.onnx, model.endpoint)}
    if quick and model.name != "telco":
        del starts["mosec"]
    for name, begin in starts.items():
        try:
            running[name] = begin()
            stack.callback(running[name].stop)
        except Missing as reason:
            missing[name] = str(reason)
    return running, missing


def compare(model, running, bodies, seconds, rounds):
    """{server: figures}; the servers take turns."""
    found = {name: [] for name in running}
    for _ in range(rounds):
        for name, server in running.items():
            one = saturate(model, server, bodies, seconds)
            found[name].append(one | half_load(model, server, bodies, seconds, one["rps"]))
    return {name: medians(each) | {"mb": running[name].pss_mb()} for name, each in found.items()}


def onnxruntime_us(model, body):
    if not servers.PEER.exists():
        return "benchmarks/setup-peers has not been run"
    done = subprocess.run(["taskset", "-c", servers.SERVER_CORE, servers.PEER, servers.HERE / "model_time.py", model.onnx,
                           body], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)[0]


def batches_of(model, quick):
    if not quick:
        return 1, 8, 64
    return (1, 64) if model.name == "telco" else (1,)


def measure_model(model, folder, quick, figures):
    seconds, rounds = (0.4, 1) if quick else (4, 3)
    with contextlib.ExitStack() as stack:
        running, missing = start(model, folder, quick, stack)
        for batch in batches_of(model, quick):
            bodies = model.bodies(batch)
            name = f"{model.name} b{batch}"
            answer = running["millrace"].post(f"/v2/models/{model.endpoint}/infer", bodies[0].read_bytes())
            bare = servers.bare_server(folder, f"{model.name}-b{batch}", answer)
            stack.callback(bare.stop)
            both = running | {"bare": bare}
            require_equal(model, both, bodies[0].read_bytes())
            before = infer_us(running["millrace"])
            found = compare(model, both, bodies, seconds, rounds)
            spent, runs = (after - earlier for after, earlier in zip(infer_us(running["millrace"]), before))
            figures |= {f"{name} {server}": each for server, each in found.items()}
            figures |= {f"{name} {server}": {"missing": reason} for server, reason in missing.items()}
            figures[f"{name} model"] = {"model_us": spent / runs, "onnxruntime_us": onnxruntime_us(model, bodies[0])}
            figures[f"{name} ratios"] = ratios(found)
    return figures


def ratios(found):
    ours = found["millrace"]
    made = {f"rps_vs_{peer}": ours["rps"] / found[peer]["rps"] for peer in found if peer != "millrace"}
    return made | {f"server_us_vs_{peer}": ours["server_us"] / found[peer]["server_us"] for peer in found
                   if peer != "millrace"}


def version_of(model, server):
    return json.loads(server.get(f"/v2/models/{model.endpoint}"))["versions"][0]


def deploy(model, server, run):
    """Seconds from the end of the deployment of a finished run until its version answers."""
    before = version_of(model, server)
    millrace.run(["deploy", model.config, "--run", run, *model.settings], ranks=1)
    begin = time.monotonic()
    while version_of(model, server) == before:
        if time.monotonic() > begin + 20:
            raise SystemExit("the server does not follow its endpoint")
        time.sleep(0.01)
    return time.monotonic() - begin


def failed_of(found):
    """All that was due and has not been answered with 200."""
    return found["requests"] + found["unsent"] - found["statuses"].get("200", 0)


def measure_switch(model, folder, rate, quick):
    """Deploys a second version, then the first again, under half load."""
    first = model.run_of_latest()
    millrace.run(["package", model.config, *model.settings, "--set", "training.seed=2"])
    second = model.run_of_latest()
    bodies = model.bodies(1)
    with contextlib.ExitStack() as stack:
        server = servers.millrace_server(folder, "--workspace", model.workspace, "--endpoint", model.endpoint)
        stack.callback(server.stop)
        found = {}
        loading = threading.Thread(target=lambda: found.update(load(
            model, server, bodies, 4 if quick else 20, "--connections", 64, "--rate", rate / 2, "--keep-going")))
        loading.start()
        time.sleep(1)
        seconds = [deploy(model, server, run) for run in (second, first)]
        loading.join()
    return {"failed": failed_of(found), "requests": found["requests"] + found["unsent"], "seconds": max(seconds),
            "p99_ms": found["latency_ms"]["p99"], "max_ms": found["latency_ms"]["max"]}


CANARY = ["--set", "deployment.canary=10", "--set", "deployment.steps=[50,100]", "--set", "deployment.window=2",
          "--set", "deployment.min_requests=50"]


def measure_canary(model, folder, rate, quick):
    """A second version from 10 % over 50 % to all requests, and back by hand, under half load."""
    bodies = model.bodies(1)
    address = Path(model.workspace) / "deploy" / model.endpoint / "address"  # where a deployment looks for a server
    with contextlib.ExitStack() as stack:
        server = servers.millrace_server(folder, "--workspace", model.workspace, "--endpoint", model.endpoint,
                                         address=address)
        stack.callback(server.stop)
        first = version_of(model, server)
        millrace.run(["package", model.config, *model.settings, "--set", "training.seed=3"])
        found = {}
        loading = threading.Thread(target=lambda: found.update(load(
            model, server, bodies, 12 if quick else 30, "--connections", 64, "--rate", rate / 2, "--keep-going")))
        loading.start()
        begin = time.monotonic()
        millrace.run(["deploy", model.config, "--run", model.run_of_latest(), *model.settings, *CANARY], ranks=1)
        stepped = time.monotonic() - begin
        begin = time.monotonic()
        millrace.run(["deploy", "rollback", model.endpoint, "--workspace", model.workspace], ranks=1)
        while version_of(model, server) != first:
            time.sleep(0.005)
        back = time.monotonic() - begin
        loading.join()
    return {"failed": failed_of(found), "requests": found["requests"] + found["unsent"], "seconds_of_3_windows": stepped,
            "rollback_seconds": back, "p99_ms": found["latency_ms"]["p99"], "max_ms": found["latency_ms"]["max"]}


def measure_overload(model, folder, rate, quick):
    """Saturation is measured before and after: a virtual machine's speed changes within a minute."""
    seconds, connections = 3 if quick else 60, 1024
    bodies = model.bodies(1)
    with contextlib.ExitStack() as stack:
        server = servers.millrace_server(folder, "--artifact", model.artifact)
        stack.callback(server.stop)
        before = saturate(model, server, bodies, seconds / 6, connections)["rps"]
        over = load(model, server, bodies, seconds, "--connections", connections, "--rate", 3 * rate, "--timeout", 1,
                    "--keep-going")
        begin = time.monotonic()
        after = load(model, server, bodies, 3, "--connections", 64, "--rate", rate / 2, "--interval", 0.1, "--keep-going")
        lag = time.monotonic() - begin - after["seconds"]
        saturation = (before + saturate(model, server, bodies, seconds / 6, connections)["rps"]) / 2
    return {"goodput_share": over["throughput"] / saturation, "of_16_connections": over["throughput"] / rate,
            "seconds": recovery(after["timeline"], rate / 2, lag),
            "shed": sum(n for status, n in over["statuses"].items() if status != "200"),
            "failed": sum(over["failures"].values()), "unsent": over["unsent"], "max_ms": over["latency_ms"]["max"]}


def recovery(timeline, rate, lag):
    """Seconds until five tenths of a second in a row have nine tenths of the rate answered."""
    good = [one["ok"] >= 0.9 * 0.1 * rate for one in timeline]
    return next((lag + 0.1 * (i + 1) for i in range(len(good)) if all(good[i:i + 5])), "not within 3 s")


def build():
    subprocess.run(["cmake", "--build", millrace.ROOT / "build/release", "--target", "millrace", "millrace-serve",
                    "bench_bare_server"], check=True, stdout=subprocess.DEVNULL)


def headline(figures):
    """What the plan names, of the small model and one row a request."""
    ours, ratio, model = (figures[f"telco b1 {what}"] for what in ("millrace", "ratios", "model"))
    return {"rps_per_core": ours["rps"], "p50_ms": ours["p50_ms"], "p99_ms_half_load": ours["p99_ms"],
            "vs_python_server": ratio.get("rps_vs_python", "see the Python server"), "model_us_batch1": model["model_us"],
            "failed_on_switch": figures["switch"]["failed"]}


def measure(quick):
    build()
    figures = {}
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = Path(name)
        for name in CONFIGS:
            model = Model(name, folder, quick)
            measure_model(model, folder, quick, figures)
            if name == "telco":
                rate = figures["telco b1 millrace"]["rps"]
                figures["switch"] = measure_switch(model, folder, rate, quick)
                figures["canary"] = measure_canary(model, folder, rate, quick)
                figures["overload"] = measure_overload(model, folder, rate, quick)
    return headline(figures) | figures
