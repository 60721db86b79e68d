"""Models of made-up rows and servers of them, for the tests of the server with other people's clients.

Columns of every type, with missing values; what is scored also has levels and numbers that training did not see.
"""

import csv
import datetime
import http.client
import json
import os
import pathlib
import random
import signal
import ssl
import subprocess
import sys
import time

MILLRACE = pathlib.Path(sys.argv[1]).absolute()
SERVER = MILLRACE.with_name(MILLRACE.name + "-serve")
TARGETS = {"binary": "churned", "multiclass": "tier", "regression": "charge"}
# Of a request's column; what binary tensors have no word for is sent as JSON.
DATATYPES = {"load": "FP64", "age": "INT64", "price": "FP64", "active": "BOOL", "joined": "BYTES", "seen": "BYTES",
             "plan": "BYTES", "code": "BYTES"}
CONFIG = """
name: {name}
data:
  source: train.csv
  types: {{ price: "decimal(8,2)" }}
  target: {{ column: {target} }}
  drop: [{others}]
model: {{ hidden: [8] }}
training: {{ epochs: 2, batch_size: 64 }}
evaluation: {{ gate: {{ not_worse_by: 1000 }} }}
deployment: {{ endpoint: {endpoint} }}
"""


def make_row(chance: random.Random):
    day = datetime.date(2020, 1, 1) + datetime.timedelta(days=chance.randrange(2000))
    return {"load": chance.lognormvariate(0, 2), "age": chance.randrange(18, 90), "price": chance.randrange(10000) / 100,
            "active": chance.random() < 0.5, "joined": str(day),
            "seen": f"{day}T{chance.randrange(24):02}:{chance.randrange(60):02}:07Z",
            "plan": chance.choice(["basic", "plus", 'say "no", twice', "Zürich 日本"]), "code": f"c{chance.randrange(40)}"}


# Unlike anything in the training data.
ODD = {"load": [0.0, -0.0, 1e-300, -1e20, 16777217.0, 0.1], "age": [-1, 0, 2**53 + 1, -(2**40)],
       "price": [0.0, -999999.99, 0.07], "active": [True, False], "joined": ["1900-02-28", "2400-02-29"],
       "seen": ["1969-12-31T23:59:59.999Z", "2026-11-24T03:26:00.25+05:30"], "plan": ["unseen", "ÿ", "日本 "],
       "code": ["c41", "C1", "'c1'"]}


def make_rows(count: int, seed: int, odd: float, missing: float):
    chance = random.Random(seed)
    rows = []
    for _ in range(count):
        row = make_row(chance)
        for column in row:
            if chance.random() < odd:
                row[column] = chance.choice(ODD[column])
            if chance.random() < missing:
                row[column] = None
        rows.append(row)
    return rows


def in_csv(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value


def write_csv(path: pathlib.Path, rows):
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0])
        writer.writerows([in_csv(value) for value in row.values()] for row in rows)


def with_targets(row, chance: random.Random):
    return row | {"churned": chance.choice(["Yes", "No"]), "tier": chance.choice(["gold", "silver", "so \"so\""]),
                  "charge": round(chance.gauss(50, 20), 3)}


class Lab:
    """A folder with a workspace, and millrace at work in it."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.workspace = folder / "workspace"
        chance = random.Random(1)
        write_csv(folder / "train.csv", [with_targets(row, chance) for row in make_rows(400, 2, 0, 0.05)])

    def millrace(self, *words, code=0):
        done = subprocess.run([MILLRACE, *map(str, words)], cwd=self.folder, text=True, capture_output=True, timeout=100)
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done

    def train(self, name: str, task="binary", endpoint="", settings=()):
        """A version of the model `name`; it answers at `endpoint`, the model's name unless given."""
        target = TARGETS[task]
        others = ", ".join(other for other in TARGETS.values() if other != target)
        (self.folder / f"{name}.yaml").write_text(
            CONFIG.format(name=name, target=target, others=others, endpoint=endpoint or name))
        self.millrace("run", f"{name}.yaml", "--quiet", *(word for each in settings for word in ("--set", each)))

    def secret(self, name: str):
        """A token in a file of its own."""
        (self.folder / name).write_text(f"{name}-of-this-test-alone\n")
        return f"{name}-of-this-test-alone"

    def certificate(self):
        """Signed by itself, for localhost."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", "server.key", "-out", "server.pem", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                       cwd=self.folder, check=True, capture_output=True, timeout=60)
        return self.folder / "server.pem"


class Server:
    """millrace-serve on a free port, from `with` to its end."""

    def __init__(self, lab: Lab, *words, **variables):
        self.lab, self.words, self.variables = lab, words, variables

    def __enter__(self):
        file = self.lab.folder / "address"
        file.unlink(missing_ok=True)
        self.log = open(self.lab.folder / "server.log", "w")
        self.process = subprocess.Popen(
            [SERVER, "--port", "0", "--workspace", self.lab.workspace, "--address-file", file, *map(str, self.words)],
            cwd=self.lab.folder, stdout=self.log, stderr=self.log, env=dict(os.environ, **self.variables))
        while not file.exists():
            assert self.process.poll() is None, pathlib.Path(self.log.name).read_text()
            time.sleep(0.02)
        self.address = file.read_text().strip().split("://")[-1]
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.log.close()
        assert code == 0, pathlib.Path(self.log.name).read_text()

    def ask(self, method: str, target: str, body=None, headers=(), authority=None):
        """(status, headers, body) of one request; `body`: bytes, or what becomes JSON."""
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if authority:
            connection = http.client.HTTPSConnection(self.address, context=ssl.create_default_context(cafile=authority))
        else:
            connection = http.client.HTTPConnection(self.address, timeout=60)
        connection.request(method, target, body, dict(headers))
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.headers, content
