#!/usr/bin/env python3
"""ONNX Runtime gives from an artifact's model.onnx what `millrace predict` gives, from raw columns on.

  onnx_runtime.py MILLRACE            generated data with columns of every type and features of every kind
  onnx_runtime.py MILLRACE --public   the public data sets in the folder MILLRACE_DATA, with the settings of configs/
Each model is asked about rows with missing values, levels that training did not see, extreme numbers and odd texts.
Exit 77 (skipped) with the reason where ONNX Runtime or the data is missing.
"""

import csv
import datetime
import gzip
import io
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import environment

environment.enter("ONNX Runtime")

import numpy  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402

MILLRACE = sys.argv[1]
CONFIGS = pathlib.Path(__file__).resolve().parents[2] / "configs"
TOLERANCE = 1e-5  # of probabilities; of numbers times max(1, |number|)
# Both sides add up in float32, in another order. Where the terms of a sum are large against the sum (extreme numbers, a
# regression's answer near 0 far from the target's mean), some roundings of the terms are more than the tolerance. In units
# of 2^-24 of the terms; a few rows may need it.
ROUNDINGS = 16
ROUNDED_ROWS = 0.01
TRAINING_ROWS = 6000  # of a public data set, spread over it
ASKED_ROWS = 10000
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
ODD_TEXTS = ["never seen", "x" * 300, 'say "no"', "a,b;c\td", "two\nlines", "Zürich 日本 🚲", "NaN", "0", "-", "'"]

AIRLINES = {"name": "airlines", "data": {"missing": ["", "NA"], "target": {"column": "IsArrDelayed", "positive": "YES"},
                                         "drop": ["ArrDelay"]},
            "features": {"columns": {"DayOfWeek": {"kind": "categorical"}, "FlightNum": {"kind": "categorical"},
                                     "CRSDepTime": {"bins": 24}}},
            "model": {"hidden": [64, 32], "activation": "tanh"}}
# Settings (or the name of a file in configs/) and sources.
PUBLIC = {
    "telco": ("telco-churn", ["telco-churn/Telco-Customer-Churn.csv"]),
    "adult": ("adult", ["adult/adult.data", "adult/adult.test"]),
    "california": ("california-housing", ["california-housing/housing.csv"]),
    "bikes": ("bike-sharing", ["bike-sharing/hour.csv"]),
    "kddcup": ("kddcup99", ["kddcup99/kddcup.data_10_percent.gz"]),
    "airlines": (AIRLINES, ["airlines/allyears2k_headers.csv.gz"]),
}


def generated_rows(random_, count):
    """Columns of every type, as numbers and as categories, and a target for each task."""
    cities = [f"city {i}" for i in range(40)] + ['"quoted"', "Zürich, ZH", "two\nlines"]
    days = [f"2024-0{i}-1{i}" for i in range(1, 8)]
    yield ["flag", "whole", "code", "real", "tiny", "shade", "price", "fee", "day", "quarter", "moment", "slot", "level",
           "city", "two", "three", "number"]
    for _ in range(count):
        whole, real = random_.randrange(-500, 2000), random_.gauss(3, 2)
        level, city = random_.choice(["red", "green", "Blue, dark"]), random_.choice(cities)
        pull = real - 2 + (level == "red") + whole / 1000 + len(city) / 10
        row = [random_.choice(["true", "false"]), whole, random_.randrange(200), repr(real), random_.random() * 1e-13,
               random_.choice([0.1, 0.2, 0.30000000000000004, -1.5, 1e300]), f"{random_.randrange(10**6) / 100:.2f}",
               random_.choice(["0.07", "0.29", "12.50", "-3.10"]), random_.choice(days), random_.choice(days[:4]),
               f"{random_.choice(days)}T0{random_.randrange(10)}:30:00.000{random_.randrange(10)}Z",
               f"{random_.choice(days[:3])}T06:00:00Z", level, city]
        row = ["" if random_.random() < 0.03 else value for value in row]
        yield row + ["Yes" if pull + random_.gauss(0, 1) > 3 else "No", "abc"[min(2, max(0, int(pull)))], 40 * pull + 900]


def generated_settings():
    columns = {"flag": {"kind": "categorical"}, "whole": {"clip": [0.01, 0.99], "log1p": True}, "code": {"kind": "categorical"},
               "real": {"bins": 7, "impute": "mean"}, "tiny": {"log1p": True}, "shade": {"kind": "categorical"},
               "price": {"bins": 5, "scale": "none"}, "fee": {"kind": "categorical", "encode": "embedding", "dimension": 3},
               "day": {"bins": 4}, "quarter": {"kind": "categorical"}, "slot": {"kind": "categorical", "encode": "embedding"},
               "level": {"min_count": 3}}
    types = {"shade": "real", "price": "decimal(12,2)", "fee": "decimal(5,2)"}
    targets = {"two": "binary", "three": "multiclass", "number": "regression"}
    models = {"two": {"hidden": [16, 8], "activation": "tanh", "skip": True}, "three": {"hidden": [12], "activation": "gelu"},
              "number": {"hidden": [16], "activation": "relu", "skip": True}}
    for target, task in targets.items():
        drop = [other for other in targets if other != target]
        yield f"generated-{task}", {"name": f"generated-{task}", "features": {"columns": columns}, "model": models[target],
                                    "data": {"target": {"column": target, "task": task}, "drop": drop, "types": types}}


def write_csv(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def source_rows(path):
    with gzip.open(path, "rt", encoding="latin-1", newline="") if path.suffix == ".gz" else open(path, encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file, skipinitialspace=True) if len(row) > 1]


def spread(rows, count):
    step = max(1, len(rows) // count)
    return rows[::step][:count]


def train(folder, name, settings, source):
    """The artifact."""
    workspace = folder / f"{name}-workspace"
    config = CONFIGS / f"{settings}.yaml"
    if isinstance(settings, dict):
        config = folder / f"{name}.yaml"
        config.write_text(json.dumps(settings | {"workspace": str(workspace)}))
    overrides = [f"data.source={source}", "data.split.test=row_index % 5 == 4", "validation.rows.min=1", "training.epochs=2",
                 "validation.missing.action=ignore", "evaluation.gate.not_worse_by=1"]
    command = [MILLRACE, "run", config, "--workspace", workspace, "--json", "--quiet"]
    for override in overrides:
        command += ["--set", override]
    done = subprocess.run(command, text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    digest = json.loads(done.stdout)["outputs"]["package"]["artifact"]
    return workspace / "objects" / digest[:2] / digest[2:]


def unpack(folder, artifact):
    """The manifest, and where model.onnx is, if it is."""
    model = folder / "model.onnx"
    model.unlink(missing_ok=True)
    subprocess.run(["tar", "--zstd", "-xf", artifact, "-C", folder], check=True, timeout=60)
    return json.loads((folder / "manifest.json").read_text()), model


def extreme(random_, kind):
    power = 10 ** random_.randrange(1, 16)
    if kind == "boolean":
        return "true"
    if kind == "integer":
        return str(random_.choice([power, -power, 0, 2**53 + 1, -2**63, 2**63 - 1]))
    if kind == "real":
        return repr(random_.choice([1, -1]) * random_.random() * random_.choice([power, 1 / power, 0.0]))
    if kind.startswith("decimal"):
        return str(random_.randrange(-999, 1000))
    day = random_.choice(["0001-01-01", "1969-12-31", "9999-12-31", "2024-02-29"])
    return day if kind == "date" else day + "T23:59:59.999999Z"


def disturbed(random_, text, kind, missing):
    """What is asked in a column instead of a value of the data."""
    chance = random_.random()
    if chance < 0.05:
        return random_.choice(missing)
    if chance < 0.10:
        return random_.choice(ODD_TEXTS) if kind == "text" else extreme(random_, kind)
    return text


def as_tensor_value(text, kind, missing):
    if kind == "text":
        return "" if text in missing else text
    if text in missing:
        return numpy.nan
    if kind == "boolean":
        return float(text.lower() == "true")
    if kind == "date":
        return float(datetime.date.fromisoformat(text).toordinal() - EPOCH.toordinal())
    if kind == "timestamp":
        return float((datetime.datetime.fromisoformat(text) - EPOCH) // datetime.timedelta(microseconds=1))
    return float(int(text)) if kind == "integer" else float(text)


def columns_asked(rows, names, kinds, missing):
    result = {}
    for name, kind in kinds.items():
        at = names.index(name)
        values = [[as_tensor_value(row[at], kind, missing)] for row in rows]
        result[name] = numpy.array(values, dtype=object if kind == "text" else numpy.float64).reshape(len(rows), 1)
    return result


def predictions_of_millrace(folder, artifact, header, rows):
    write_csv(folder / "asked.csv", ([header] if header else []) + rows)
    done = subprocess.run([MILLRACE, "predict", artifact, folder / "asked.csv"], text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return [row[3:] for row in csv.reader(io.StringIO(done.stdout))][1:]  # behind file, row and version


def magnitudes(model, feeds):
    """For each row and output of the network, the sum of the last layer's terms without their signs."""
    graph = model.graph
    constants = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    products = [node for node in graph.node if node.name in ("network/output", "network/skip")]
    for name in {node.input[0] for node in products}:
        graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["N", None]))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return sum(numpy.abs(session.run([node.input[0]], feeds)[0]) @ numpy.abs(constants[node.input[1]]).T for node in products)


def compare(target, ours, session, feeds, terms):
    """Differences between what `predict` printed and what the graph gives, what they may be, and what roundings may add."""
    task, rounding = target["task"], ROUNDINGS * 2**-24 * terms
    if task == "regression":
        (prediction,) = session.run(["prediction"], feeds)
        expected = numpy.array([[float(row[0])] for row in ours])
        return numpy.abs(prediction - expected), TOLERANCE * numpy.maximum(1, numpy.abs(expected)), target["deviation"] * rounding
    if task == "binary":
        result, score = session.run(["probability", "score"], feeds)
        assert numpy.abs(result - 1 / (1 + numpy.exp(-score.astype(float).clip(-700, 700)))).max() < 1e-6
        expected = numpy.array([[float(row[0])] for row in ours])
    else:
        result, label = session.run(["probabilities", "label"], feeds)
        expected = numpy.array([list(map(float, row[1:])) for row in ours])
        runners_up = numpy.sort(expected, axis=1)
        clear = runners_up[:, -1] - runners_up[:, -2] > 1e-3
        assert (label[clear, 0] == numpy.array([row[0] for row in ours], dtype=object)[clear]).all()
        assert clear.mean() > 0.99 and set(label[:, 0]) <= set(target["classes"])
    # Probabilities move by at most half of what the scores do.
    return numpy.abs(result - expected), TOLERANCE, rounding.max(axis=1, keepdims=True) / 2


def check_sizes(session, feeds):
    """A row's answer hardly depends on the rows beside it, and no rows have an answer too."""
    names = [output.name for output in session.get_outputs() if output.type != "tensor(string)"]
    for rows in (0, 1):
        for whole, part in zip(session.run(names, feeds), session.run(names, {name: each[:rows] for name, each in feeds.items()})):
            assert part.shape == (rows, whole.shape[1])
            assert numpy.allclose(whole[:rows], part, rtol=1e-5, atol=1e-5)


def check(folder, name, settings, rows, random_):
    started = time.monotonic()
    source = folder / f"{name}.csv"
    write_csv(source, rows)
    artifact = train(folder, name, settings, source)
    manifest, model = unpack(folder, artifact)
    onnx.checker.check_model(onnx.load(model), full_check=True)
    dialect = manifest["lineage"]["dialect"]
    names = dialect["names"] or rows[0]
    data = rows[1:] if dialect["header"] else rows
    kinds = {column["name"]: column["type"] for column in manifest["inputs"]}
    asked = [[disturbed(random_, text, kinds.get(column, "text"), dialect["missing"]) if column in kinds else text
              for column, text in zip(names, map(str, random_.choice(data)))] for _ in range(ASKED_ROWS)]
    ours = predictions_of_millrace(folder, artifact, names if dialect["header"] else None, asked)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feeds = columns_asked(asked, names, kinds, dialect["missing"])
    target = json.loads((folder / "plan.json").read_text())["target"]
    difference, allowed, rounding = compare(target, ours, session, feeds, magnitudes(onnx.load(model), feeds))
    beyond = (difference > allowed).any(axis=1)
    assert (difference <= numpy.maximum(allowed, rounding)).all() and beyond.mean() <= ROUNDED_ROWS, (name, beyond.sum())
    check_sizes(session, feeds)
    print(f"{name}: {len(ours)} rows, {len(kinds)} columns, largest difference {(difference / allowed)[~beyond].max() * TOLERANCE:.1e},"
          f" {beyond.sum()} rows within roundings, {model.stat().st_size} bytes, {time.monotonic() - started:.1f} s", flush=True)
    return kinds


def check_refusal(folder, random_):
    """What cannot be a faithful graph is none, and the artifact says why and works without."""
    rows = [["score", "outcome"]] + [[random_.random(), random_.choice("ab")] for _ in range(500)]
    write_csv(folder / "refused.csv", rows)
    settings = {"name": "refused", "data": {"target": {"column": "outcome"}}}
    artifact = train(folder, "refused", settings, folder / "refused.csv")
    manifest, model = unpack(folder, artifact)
    reason = "the input column 'score' has the name of an output"
    assert manifest["onnx"] == {"missing": reason} and not model.exists(), manifest["onnx"]
    log = (folder / "refused-workspace" / "runs" / "latest" / "log" / "rank-0.log").read_text()
    assert "no model.onnx: " + reason in log
    assert len(predictions_of_millrace(folder, artifact, rows[0], rows[1:])) == 500
    print("a column named as an output: no graph, and the reason", flush=True)


def main():
    public = "--public" in sys.argv
    data = os.environ.get("MILLRACE_DATA")
    if public and not data:
        print("skipped: MILLRACE_DATA does not name the folder with the public data sets")
        sys.exit(77)
    random_ = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if not public:
            rows = [list(map(str, row)) for row in generated_rows(random_, TRAINING_ROWS)]
            for set_name, settings in generated_settings():
                kinds = check(folder, set_name, settings, rows, random_)
                assert {kind.split("(")[0] for kind in kinds.values()} == {
                    "boolean", "integer", "real", "decimal", "date", "timestamp", "text"}, kinds
            check_refusal(folder, random_)
            return
        for set_name, (settings, sources) in PUBLIC.items():
            rows = [row for source in sources for row in source_rows(pathlib.Path(data) / source)]
            check(folder, set_name, settings, [rows[0]] + spread(rows[1:], TRAINING_ROWS), random_)


main()
