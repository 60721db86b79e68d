"""scoring_peer.py FOLDER SOURCE OUT CHUNK: scores a CSV file with pandas and ONNX Runtime, as their users would.

FOLDER holds the artifact's manifest.json and model.onnx. CHUNK: rows of one run of the session; 0: all. Prints seconds by
parts as JSON.
"""
import json
import os
import resource
import sys
import time

begin = time.monotonic()
import numpy  # noqa: E402
import onnxruntime  # noqa: E402
import pandas  # noqa: E402
import pyarrow  # noqa: E402
import pyarrow.csv  # noqa: E402

KEY = "customer_id"
folder, source, out, chunk = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
manifest = json.load(open(f"{folder}/manifest.json"))
kinds = {column["name"]: column["type"] for column in manifest["inputs"]}
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = os.cpu_count()
session = onnxruntime.InferenceSession(f"{folder}/model.onnx", options, providers=["CPUExecutionProvider"])
started = time.monotonic()

frame = pandas.read_csv(source, engine="pyarrow", dtype_backend="pyarrow", usecols=[KEY, *kinds], keep_default_na=False,
                        na_values=[""])
read = time.monotonic()


def as_input(column, kind):
    """A tensor of shape [N, 1]: texts as they are, numbers and truths as doubles, dates in days, times in microseconds."""
    if kind == "text":
        return column.fillna("").to_numpy(dtype=object).reshape(-1, 1)
    values = pyarrow.array(column)
    if kind in ("date", "timestamp"):
        values = values.cast(pyarrow.date32() if kind == "date" else pyarrow.timestamp("us"))
        values = values.cast(pyarrow.int32() if kind == "date" else pyarrow.int64())
    return values.cast(pyarrow.float64()).to_numpy(zero_copy_only=False).reshape(-1, 1)  # missing: NaN


def answers(rows):
    feeds = {name: as_input(rows[name], kind) for name, kind in kinds.items()}
    return session.run(["probability"], feeds)[0].reshape(-1)


size = chunk or max(len(frame), 1)
probability = numpy.concatenate([answers(frame.iloc[first:first + size]) for first in range(0, len(frame), size)])
scored = time.monotonic()
classes = numpy.array(manifest["classes"], dtype=object)
table = pyarrow.table({"row": numpy.arange(len(frame)), KEY: pyarrow.array(frame[KEY]), "probability": probability,
                       "class": pyarrow.array(classes[(probability >= 0.5).astype(int)])})
pyarrow.csv.write_csv(table, out)
end = time.monotonic()
print(json.dumps({"seconds": end - started, "read_s": read - started, "score_s": scored - read, "write_s": end - scored,
                  "start_s": started - begin, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}))
