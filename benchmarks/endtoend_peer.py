"""CSV files to a served answer with Polars, LightGBM and FastAPI: the script that a data scientist would write.

    endtoend_peer.py TASK    where TASK is JSON: files, names (or null), missing, target, positive, drop
"""
import json
import sys
import threading
import time
import urllib.request

import lightgbm
import numpy
import polars
import uvicorn
from fastapi import FastAPI


def read(task):
    options = {"null_values": task["missing"], "infer_schema_length": 10000}
    if task["names"]:
        options |= {"has_header": False, "new_columns": task["names"]}
    frame = polars.concat([polars.read_csv(path, **options) for path in task["files"]], how="vertical_relaxed")
    texts = [name for name, kind in frame.schema.items() if kind == polars.String]
    return frame.with_columns(polars.col(texts).str.strip_chars())


def code(frame, levels):
    """Numbers for LightGBM: texts by their level, dates by their day."""
    columns = []
    for name in frame.columns:
        column = frame[name]
        if name in levels:
            column = column.replace_strict(levels[name], default=None, return_dtype=polars.Int32)
        columns.append(column.cast(polars.Float64, strict=False).to_numpy())
    return numpy.column_stack(columns)


def auc(truth, score):
    order = numpy.argsort(score, kind="stable")
    values, first, counts = numpy.unique(score[order], return_index=True, return_counts=True)
    ranks = numpy.empty(len(score))
    ranks[order] = numpy.repeat(first + (counts + 1) / 2, counts)
    positive = truth.sum()
    return float((ranks[truth].sum() - positive * (positive + 1) / 2) / (positive * (len(truth) - positive)))


task = json.loads(sys.argv[1])
frame = read(task).filter(polars.col(task["target"]).is_not_null())
truth = frame[task["target"]].is_in(task["positive"]).to_numpy()
frame = frame.drop([task["target"], *task["drop"]])
levels = {name: {value: i for i, value in enumerate(frame[name].drop_nulls().unique().sort())}
          for name, kind in frame.schema.items() if kind == polars.String}
inputs = code(frame, levels)
test = numpy.arange(len(truth)) % 5 == 4
valid = ~test & (numpy.random.default_rng(1).random(len(truth)) < 0.1)
train = ~test & ~valid
texts = [frame.columns.index(name) for name in levels]
model = lightgbm.train({"objective": "binary", "verbosity": -1, "seed": 1},
                       lightgbm.Dataset(inputs[train], truth[train], categorical_feature=texts), 300,
                       valid_sets=[lightgbm.Dataset(inputs[valid], truth[valid], categorical_feature=texts)],
                       callbacks=[lightgbm.early_stopping(20, verbose=False)])
score = auc(truth[test], model.predict(inputs[test]))

app = FastAPI()


@app.post("/predict")
def predict(row: dict):
    rows = polars.DataFrame([row], schema=frame.schema)
    return {"probability": float(model.predict(code(rows, levels))[0])}


server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
threading.Thread(target=server.run, daemon=True).start()
while not server.started:
    time.sleep(0.005)
port = server.servers[0].sockets[0].getsockname()[1]
row = json.dumps(frame[4].to_dicts()[0], default=str)
request = urllib.request.Request(f"http://127.0.0.1:{port}/predict", data=row.encode(),
                                 headers={"Content-Type": "application/json"}, method="POST")
json.load(urllib.request.urlopen(request))
print(json.dumps({"auc": score}))
