"""Microseconds that ONNX Runtime takes for the model alone, per request body: JSON.

    model_time.py MODEL.onnx BODY...

The columns are ready as the session wants them, and what the loop and the call of a Python function cost is subtracted.
The best of the two ways to call a session, each by its median of 15 rounds.
"""
import json
import statistics
import sys
import time

import onnxruntime
from onnx_model import OnnxModel

ROUNDS = 15


def per_call(call, count):
    begin = time.perf_counter_ns()
    for _ in range(count):
        call()
    return (time.perf_counter_ns() - begin) / count / 1000


def microseconds(call):
    count = max(int(20_000 / per_call(call, 20)), 10)  # rounds of about 20 ms
    empty = statistics.median(per_call(lambda: None, count) for _ in range(ROUNDS))
    return statistics.median(per_call(call, count) for _ in range(ROUNDS)) - empty


def best(model, inputs):
    feeds = {one["name"]: model.column(one["name"], one["data"]) for one in inputs}
    values = {name: onnxruntime.OrtValue.ortvalue_from_numpy(column) for name, column in feeds.items()
              if name not in model.texts}
    calls = [lambda: model.session.run(["probability"], feeds)]
    if len(values) == len(feeds):
        calls.append(lambda: model.session.run_with_ort_values(["probability"], values))
    return min(microseconds(call) for call in calls)


model = OnnxModel(sys.argv[1])
figures = []
for path in sys.argv[2:]:
    with open(path) as body:
        figures.append(best(model, json.load(body)["inputs"]))
print(json.dumps(figures))
