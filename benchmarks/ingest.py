"""CSV to typed columns: 1 GB of generated churn data (50 MB with --quick) in the page cache, on two cores.

typed: Millrace's reader alone, types given, columns in memory, beside a probe that has the schema compiled in and keeps
nothing: the ceiling. RANKS x THREADS: the whole stage: types from all rows, shards written, checked and named by their
digest (workspace in memory, /dev/shm), statistics and exact quantiles of each column; one rank on one core, as mpirun binds
it, is what two on two are compared with, since a rank alone writes on another core. gz: the same from files packed by
gzip -1; bgzip: from one file packed by htslib's bgzip, which ranks and threads share. The peers parse into memory and do no
more. Rows and sums of the numeric columns must agree. gbps are bytes of text a second on the clock, cpu_gbps per processor
second.

to disk: the same with the workspace on the disk of build/, in bytes of shards, beside what that disk takes from one writer
who syncs files of the same sizes. read back: shards in memory, by one thread, every byte compared with its check: all
columns of data shards, as the stages read them, and rows of feature shards, as training reads lanes that stay in memory
(lanes) and such that do not (groups).
"""
import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import memory
import millrace
from plain_table import table  # noqa: F401: what benchmarks/run prints

PEER = millrace.ROOT / ".venv/peers/bin/python"
PEERS = ["polars", "duckdb", "pyarrow"]
ON_ONE_CORE = ["taskset", "-c", "0"]


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rates(size, seconds, cpu_seconds, peak_mb):
    return {"gbps": size / seconds / 1e9, "cpu_gbps": size / cpu_seconds / 1e9, "peak_mb": peak_mb}


def events(workspace):
    with open(workspace / "runs/latest/events.jsonl") as lines:
        return [json.loads(line) for line in lines]


def build_probes():
    subprocess.run(["cmake", "--build", millrace.ROOT / "build/release", "--target", "bench_csv", "bench_shards"],
                   check=True, stdout=subprocess.DEVNULL)


def shards_of(workspace):
    """The largest objects: what is not shards is small."""
    objects = [path for path in (workspace / "objects").glob("*/*") if path.stat().st_size > 1_000_000]
    return sorted(objects, key=lambda path: path.name)


def disk_gbps(folder, sizes):
    piece = os.urandom(8 << 20)
    begin = time.monotonic()
    for i, size in enumerate(sizes):
        with open(folder / f"file-{i}", "wb", buffering=0) as file:
            for at in range(0, size, len(piece)):
                file.write(piece[:min(len(piece), size - at)])
            os.fsync(file.fileno())
    return sum(sizes) / (time.monotonic() - begin) / 1e9


def measure_to_disk(files, size, figures):
    with tempfile.TemporaryDirectory(dir=millrace.ROOT / "build") as name:
        folder = Path(name)
        measured, _ = measure_millrace(files, size, folder, 2, 1)
        sizes = [path.stat().st_size for path in shards_of(workspace_of(files, folder, 2, 1))]
        figures["to disk, 2 x 1"] = measured | {"shard_gbps": measured["gbps"] * sum(sizes) / size,
                                                "disk_gbps": disk_gbps(folder, sizes)}


def measure_reading_back(workspace, folder, size, figures):
    for arguments in (["columns", *shards_of(workspace)], ["rows", folder, str(size // 2)]):
        done = subprocess.run([millrace.ROOT / "build/release/bin/bench_shards", *arguments], check=True,
                              capture_output=True, text=True)
        figures |= {f"read back, {what}": found for what, found in json.loads(done.stdout).items()}


def measure_typed(what, threads, files, size):
    """The best of three rounds in one process."""
    done = subprocess.run([millrace.ROOT / "build/release/bin/bench_csv", what, str(threads), *files], check=True,
                          capture_output=True, text=True)
    found = json.loads(done.stdout)
    sums = dict(zip(["age", "tenure_months", "monthly_charges", "support_calls", "data_gb"], found["sums"]))
    return {"gbps": size / found["seconds"] / 1e9, "cpu_gbps": size / found["cpu_seconds"] / 1e9}, (found["rows"], sums)


def pack(files, folder):
    """The files, packed: {what: paths}; a tool that is not installed is left out."""
    packed = {"gz": [folder / (file.name + ".gz") for file in files]}
    for file, to in zip(files, packed["gz"]):
        subprocess.run(["gzip", "-1", "-c", file], check=True, stdout=to.open("wb"))
    if shutil.which("bgzip"):
        one = folder / "all.csv"
        with one.open("wb") as to:
            for i, file in enumerate(files):
                to.write(file.read_bytes() if i == 0 else file.read_bytes().split(b"\n", 1)[1])
        subprocess.run(["bgzip", "-l", "1", "-@", "2", one], check=True)
        packed["bgzip"] = [folder / "all.csv.gz"]
    return packed


def workspace_of(files, folder, ranks, threads):
    return folder / f"workspace-{files[0].name}-{len(files)}-{ranks}-{threads}"


def measure_millrace(files, size, folder, ranks, threads, on=()):
    """`on`: a command that the whole runs under."""
    workspace = workspace_of(files, folder, ranks, threads)
    used = processor_seconds()
    process = memory.Watched(
        [*on, *millrace.command(["ingest", "configs/quickstart.yaml", "--workspace", workspace, "--quiet", "--json", "--set",
                          f"data.source=[{', '.join(map(str, files))}]", "--set", f"data.threads={threads}"], ranks)],
        env=millrace.environment(), cwd=millrace.ROOT, stdout=subprocess.PIPE, text=True)
    out, _ = process.communicate()
    peak = process.peak_mb()
    if process.returncode != 0:
        raise SystemExit(f"millrace ingest ended with {process.returncode}")
    done = next(event for event in events(workspace) if event["event"] == "stage.done")
    return rates(size, done["seconds"], processor_seconds() - used, peak), json.loads(out)["dataset"]["rows"]


def measure_peer(name, files, size):
    done = subprocess.run([PEER, Path(__file__).resolve().parent / "ingest_peer.py", name, *files], capture_output=True,
                          text=True, check=True)
    found = json.loads(done.stdout)
    return rates(size, found["seconds"], found["cpu_seconds"], found["peak_mb"]), (found["rows"], found["sums"])


def require_equal(found):
    """Rows equal, sums equal but for the order in which they were added."""
    (first, (rows, sums)), *others = found.items()
    for name, (other_rows, other_sums) in others:
        near = all(abs(sums[column] - other_sums[column]) <= 1e-9 * abs(sums[column]) for column in sums)
        if rows != other_rows or not near:
            raise SystemExit(f"{first} and {name} read different values: {rows} {sums}, {other_rows} {other_sums}")


def measure(quick):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = Path(name)
        millrace.run(["datagen", "--out", folder / "data", "--days", 8, "--bytes", 50_000_000 if quick else 1_000_000_000,
                      "--quiet"], ranks=1)
        files = sorted((folder / "data").glob("*.csv"))
        size = sum(os.path.getsize(file) for file in files)
        figures, values, rows = {}, {}, set()
        build_probes()
        for what, threads in (("probe", 1), ("probe", 2), ("typed", 1), ("typed", 2)):
            figures[f"{what}, {threads} threads"], values[what] = measure_typed(what, threads, files, size)
        for ranks, threads in ((1, 1), (2, 1), (1, 2), (4, 1)):
            figures[f"{ranks} x {threads}"], count = measure_millrace(files, size, folder, ranks, threads)
            rows.add(count)
        shutil.rmtree(workspace_of(files, folder, 1, 1))
        figures["1 x 1, one core"], _ = measure_millrace(files, size, folder, 1, 1, ON_ONE_CORE)
        measure_reading_back(workspace_of(files, folder, 1, 1), folder, size, figures)
        measure_to_disk(files, size, figures)
        for what, packed in pack(files, folder).items():
            for ranks, threads in ((1, 1), (2, 1), (1, 2)):
                figures[f"{what}, {ranks} x {threads}"], count = measure_millrace(packed, size, folder, ranks, threads)
                rows.add(count)
        peers = [peer for peer in PEERS if PEER.exists()]
        for peer in peers:
            figures[peer], values[peer] = measure_peer(peer, files, size)
        require_equal(values)
        if rows != {values["typed"][0]}:
            raise SystemExit(f"different numbers of rows: {rows}")
    typed = figures["typed, 2 threads"]["gbps"]
    mine = figures["2 x 1"]["gbps"]
    figures["typed_share_of_ceiling"] = typed / figures["probe, 2 threads"]["gbps"]
    figures["bytes"] = size
    figures["scaling_2_ranks"] = mine / figures["1 x 1, one core"]["gbps"]
    figures["threads_to_ranks"] = figures["1 x 2"]["gbps"] / mine
    for peer in peers:
        figures[f"typed_vs_{peer}"] = typed / figures[peer]["gbps"]
        figures[f"stage_vs_{peer}"] = mine / figures[peer]["gbps"]
    return figures
