"""What checkpoints cost, and how soon a job ends and comes back.

stall_share       of the training time that goes into checkpoints, at the default of every 200 steps and at every 20
write_mb_per_s    of a checkpoint, beside limit_mb_per_s: the same bytes written and synced by a bare loop
signal_to_exit_s  from SIGTERM on all ranks in the middle of training to the end of the job: exit code 75, a checkpoint
restart_s         from the start of the next run to its first step after the checkpoint

The network is 512-256-128 over generated data: 0.2 million parameters, three times that with the optimizer's state.
"""
import calendar
import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import millrace
from plain_table import table  # noqa: F401: what benchmarks/run prints

NETWORK = ["--set", "model.hidden=[512, 256, 128]", "--set", "training.early_stopping=false"]
RANKS = 2


def events(workspace):
    with open(workspace / "runs/latest/events.jsonl") as lines:
        return [json.loads(line) for line in lines if line.endswith("\n")]


def seconds_of(event):
    return calendar.timegm(time.strptime(event["time"][:19], "%Y-%m-%dT%H:%M:%S")) + float(event["time"][19:-1])


def train(folder, workspace, *more):
    return ["run", "configs/quickstart.yaml", "--workspace", workspace, "--quiet", "--set", f"data.source={folder / 'data'}",
            *NETWORK, *more]


def stall(folder, every):
    workspace = folder / f"every-{every}"
    millrace.run(train(folder, workspace, "--set", "training.epochs=4", "--set", f"training.checkpoint.every_steps={every}"),
                 ranks=RANKS)
    log = events(workspace)
    saved = [event for event in log if event["event"] == "train.checkpoint"]
    training = next(event["seconds"] for event in log if event["event"] == "stage.done" and event["stage"] == "train")
    size = max(path.stat().st_size for path in (workspace / "runs/latest/checkpoints").glob("*.h5"))
    in_them = sum(event["seconds"] for event in saved)
    return {"checkpoints": len(saved), "stall_share": in_them / training, "seconds_each": in_them / len(saved),
            "bytes": size, "write_mb_per_s": size * len(saved) / in_them / 1e6}


def write_limit(folder, size):
    """Megabytes a second of writing and syncing so many bytes under a new name, as a checkpoint is."""
    block, rounds = os.urandom(size), 10
    begin = time.monotonic()
    for i in range(rounds):
        with open(folder / f"limit-{i}", "wb") as file:
            file.write(block)
            file.flush()
            os.fsync(file.fileno())
    return size * rounds / (time.monotonic() - begin) / 1e6


def ranks_of(launcher):
    children = Path(f"/proc/{launcher}/task/{launcher}/children").read_text().split()
    return [int(child) for child in children]


def interrupt(folder):
    workspace = folder / "interrupted"
    arguments = train(folder, workspace, "--set", "training.epochs=50")
    job = subprocess.Popen(millrace.command(arguments, RANKS), env=millrace.environment(), cwd=millrace.ROOT,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list(workspace.glob("runs/latest/checkpoints/step-*.h5")):
        time.sleep(0.01)
        if job.poll() is not None:
            raise SystemExit(f"the training ended with {job.returncode} before its first checkpoint")
    ranks = ranks_of(job.pid)
    begin = time.monotonic()
    for rank in ranks:
        os.kill(rank, signal.SIGTERM)
    code = job.wait()
    to_exit = time.monotonic() - begin
    if code != 75:
        raise SystemExit(f"a training told to stop ended with {code}, not 75")
    return to_exit, restart(workspace, arguments)


def restart(workspace, arguments):
    begin = time.time()
    job = subprocess.Popen(millrace.command(arguments, RANKS), env=millrace.environment(), cwd=millrace.ROOT,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stopped = os.readlink(workspace / "runs/latest")
    try:
        while True:
            if os.readlink(workspace / "runs/latest") != stopped:
                first = next((e for e in events(workspace) if e["event"] == "train.progress"), None)
                if first:
                    return seconds_of(first) - begin
            time.sleep(0.01)
    finally:
        for rank in ranks_of(job.pid):
            os.kill(rank, signal.SIGTERM)
        job.wait()


def measure(quick):
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = Path(name)
        millrace.run(["datagen", "--out", folder / "data", "--days", 10, "--rows-per-day", 2000 if quick else 20000,
                      "--quiet"], ranks=1)
        figures = {f"every {every}": stall(folder, every) for every in (200, 20)}
        figures["limit_mb_per_s"] = write_limit(folder, figures["every 20"]["bytes"])
        figures["signal_to_exit_s"], figures["restart_s"] = interrupt(folder)
    return figures
