#!/usr/bin/env python3
"""The same rows have the same answers, bit by bit, however they come.

  serving_answers.py MILLRACE
`millrace predict`, /predict, /infer in JSON and with binary tensors, and a server that scores requests together, asked by
many at once, for the three tasks. Exit 77 (skipped) with the reason where NumPy is not installed (scripts/setup --test).
"""

import concurrent.futures
import csv
import io
import json
import pathlib
import random
import re
import tempfile

import environment

environment.enter("NumPy")

import numpy  # noqa: E402

import serving  # noqa: E402

ROWS = serving.make_rows(400, 3, odd=0.1, missing=0.15)


def bits(numbers):
    return numpy.asarray(numbers, "<f4").view("<u4").tolist()


# Each gives a list of rows, each row as (bits of its numbers, its class or None).


def from_predict(text: str):
    result = []
    for row in csv.DictReader(io.StringIO(text)):
        numbers = [float(value) for name, value in row.items() if re.match("prediction$|probability($| of )", name)]
        result.append((bits(numbers), row.get("class")))
    return result


def from_rows(answer: bytes):
    result = []
    for row in json.loads(answer)["predictions"]:
        numbers = row.get("probabilities", {}).values() or [row.get("probability", row.get("value"))]
        result.append((bits(list(numbers)), row.get("class")))
    return result


def unpack(tensor, content: bytes):
    if tensor["datatype"] == "FP32":
        return numpy.frombuffer(content, "<f4")
    texts = []
    while content:
        size = int.from_bytes(content[:4], "little")
        texts.append(content[4:4 + size].decode())
        content = content[4 + size:]
    return texts


def from_tensors(headers, answer: bytes):
    """Classes stand in an output of their own, or nowhere where there are two."""
    header = int(headers.get("Inference-Header-Content-Length", len(answer)))
    rest, numbers, classes = answer[header:], None, None
    for tensor in json.loads(answer[:header])["outputs"]:
        size = tensor.get("parameters", {}).get("binary_data_size", 0)
        assert ("data" in tensor) == (size == 0)
        values = tensor["data"] if "data" in tensor else unpack(tensor, rest[:size])
        rest = rest[size:]
        if tensor["datatype"] == "FP32":
            numbers = numpy.asarray(values, "<f4").reshape(tensor["shape"][0], -1)
        else:
            classes = list(values)
    assert not rest
    return [(bits(row), classes[i] if classes else None) for i, row in enumerate(numbers)]


# Requests


def tensor(name, values):
    return {"name": name, "datatype": serving.DATATYPES[name], "shape": [len(values)], "data": values}


def columns(rows):
    return {name: [row[name] for row in rows] for name in rows[0]}


def pack(name, values):
    """None where binary tensors have no word for what is missing."""
    datatype = serving.DATATYPES[name]
    if datatype == "FP64":
        return numpy.array([numpy.nan if value is None else value for value in values], "<f8").tobytes()
    if name in ("joined", "seen"):
        values = ["" if value is None else value for value in values]
    if None in values:
        return None
    if datatype == "BYTES":
        texts = [value.encode() for value in values]
        return b"".join(len(text).to_bytes(4, "little") + text for text in texts)
    return numpy.array(values, {"INT64": "<i8", "BOOL": "?"}[datatype]).tobytes()


def binary_request(rows):
    inputs, contents = [], []
    for name, values in columns(rows).items():
        packed = pack(name, values)
        inputs.append(tensor(name, values))
        if packed is not None:
            del inputs[-1]["data"]
            inputs[-1]["parameters"] = {"binary_data_size": len(packed)}
            contents.append(packed)
    head = json.dumps({"inputs": inputs, "parameters": {"binary_data_output": True}}).encode()
    return head + b"".join(contents), {"Inference-Header-Content-Length": str(len(head))}


def ask(server, model, kind, rows):
    target, body, headers = f"/v2/models/{model}/", {"rows": rows}, {}
    if kind == "json":
        body = {"inputs": [tensor(name, values) for name, values in columns(rows).items()]}
    elif kind == "binary":
        body, headers = binary_request(rows)
    status, headers, answer = server.ask("POST", target + ("predict" if kind == "rows" else "infer"), body, headers)
    assert status == 200, (model, kind, rows, answer)
    return from_rows(answer) if kind == "rows" else from_tensors(headers, answer)


def pieces(chance: random.Random):
    """The rows in requests of 1 to 20."""
    begin, result = 0, []
    while begin < len(ROWS):
        size = chance.randrange(1, 21)
        result.append(ROWS[begin:begin + size])
        begin += size
    return result


def compare(expected, answers, task, what):
    assert len(expected) == len(answers), (task, what, len(answers))
    for row, ours, theirs in zip(ROWS, expected, answers):
        assert theirs[0] == ours[0] and theirs[1] in (None, ours[1]), (task, what, row, ours, theirs)


def metric(server, name, model):
    text = server.ask("GET", "/metrics")[2].decode()
    return sum(int(value) for value in re.findall(rf'^{name}{{model="{model}",.*}} (\d+)$', text, re.MULTILINE))


def check_batches(server, expected):
    with concurrent.futures.ThreadPoolExecutor(16) as clients:
        wanted = [(model, kind, clients.submit(ask, server, model, kind, rows))
                  for kind in ("rows", "json", "binary") for rows in pieces(random.Random(5)) for model in expected]
        answers = {}
        for model, kind, answer in wanted:
            answers.setdefault((model, kind), []).extend(answer.result())
    for (model, kind), found in answers.items():
        compare(expected[model], found, model, f"{kind}, batched")
    for model in expected:
        asked, passes = metric(server, "nv_inference_request_success", model), metric(server, "nv_inference_exec_count", model)
        assert passes < asked, f"{model}: no two of {asked} requests were scored together"


def main():
    with tempfile.TemporaryDirectory() as name:
        lab = serving.Lab(pathlib.Path(name))
        serving.write_csv(lab.folder / "rows.csv", ROWS)
        expected, endpoints = {}, []
        for task in serving.TARGETS:
            lab.train(task, task)
            endpoints += ["--endpoint", task]
            expected[task] = from_predict(lab.millrace("predict", task, "rows.csv").stdout)
            assert len(expected[task]) == len(ROWS) and len({str(row) for row in expected[task]}) > len(ROWS) / 2
        with serving.Server(lab, *endpoints) as server:
            for task in expected:
                print(f"{task}: rows, JSON tensors and binary ones are answered as by predict")
                for kind in ("rows", "json", "binary"):
                    answers = [row for rows in pieces(random.Random(4)) for row in ask(server, task, kind, rows)]
                    compare(expected[task], answers, task, kind)
        print("and so are they in batches with others'")
        with serving.Server(lab, *endpoints, "--max-batch", 64, "--max-delay", 0.005, "--threads", 4) as server:
            check_batches(server, expected)
    print("all well")


if __name__ == "__main__":
    main()
