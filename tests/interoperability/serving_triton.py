#!/usr/bin/env python3
"""The server asked by Triton's own client, over HTTP.

  serving_triton.py MILLRACE
Health, metadata, JSON and binary tensors both ways, ids, named outputs, many requests at once, the model repository,
errors, tokens and TLS. Exit 77 (skipped) with the reason where the client is not installed (scripts/setup --test).
"""

import pathlib
import random
import re
import ssl
import subprocess
import sys
import tempfile

import environment

environment.enter("Triton's client")

import numpy  # noqa: E402
from tritonclient import http as triton  # noqa: E402
from tritonclient.utils import InferenceServerException  # noqa: E402

import serving  # noqa: E402

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/serving.md"
NUMPY = {"FP64": numpy.float64, "INT64": numpy.int64, "BOOL": bool, "BYTES": object}
ROWS = serving.make_rows(50, 6, odd=0.1, missing=0)


def inputs(rows, binary):
    result = []
    for name, datatype in serving.DATATYPES.items():
        values = numpy.array([row[name] for row in rows], dtype=NUMPY[datatype])
        result.append(triton.InferInput(name, [len(rows)], datatype))
        result[-1].set_data_from_numpy(values, binary_data=binary)
    return result


def outputs(binary, *names):
    return [triton.InferRequestedOutput(name, binary_data=binary) for name in names]


def refused(expected, status, ask, *words, **named):
    try:
        ask(*words, **named)
    except InferenceServerException as error:
        assert error.status() == status and expected in error.message(), error
        return
    raise AssertionError(f"not refused: {expected}")


def check_metadata(client):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("tier") and client.is_model_ready("tier", "1") and not client.is_model_ready("other")
    server, model = client.get_server_metadata(), client.get_model_metadata("tier", "1")
    assert server["name"] == "millrace" and {"binary_tensor_data", "model_repository"} <= set(server["extensions"])
    assert {each["name"]: each["datatype"] for each in model["inputs"]} == serving.DATATYPES
    assert [(each["name"], each["datatype"]) for each in model["outputs"]] == [("probabilities", "FP32"), ("class", "BYTES")]
    refused("'other'", "404", client.get_model_metadata, "other")


def check_infer(client):
    answers = {}
    for given in (False, True):
        for wanted in (False, True):
            answer = client.infer("tier", inputs(ROWS, given), outputs=outputs(wanted, "probabilities", "class"),
                                  request_id=f"q-{given}-{wanted}")
            response = answer.get_response()
            assert response["id"] == f"q-{given}-{wanted}" and response["model_version"] == "1"
            assert all(("data" in each) != wanted for each in response["outputs"])
            answers[given, wanted] = answer.as_numpy("probabilities").astype(numpy.float32)
            classes = [each.decode() if wanted else each for each in answer.as_numpy("class")]
            assert len(classes) == len(ROWS) and set(classes) <= {"gold", "silver", 'so "so"'}, classes
    first = answers[False, False]
    assert first.shape == (len(ROWS), 3) and numpy.allclose(first.sum(axis=1), 1, atol=1e-6)
    assert all(answer.tobytes() == first.tobytes() for answer in answers.values())
    every = client.infer("tier", inputs(ROWS, True))  # without outputs: all, in binary
    assert every.as_numpy("probabilities").tobytes() == first.tobytes() and every.as_numpy("class") is not None
    one = client.infer("tier", inputs(ROWS, True), model_version="1", outputs=outputs(True, "class"), timeout=10**7)
    assert one.as_numpy("probabilities") is None and len(one.as_numpy("class")) == len(ROWS)
    return first


def check_many(client, expected):
    """Requests of some of the rows each, under way at the same time."""
    chance = random.Random(7)
    spans = [sorted(chance.sample(range(len(ROWS) + 1), 2)) for _ in range(64)]
    waiting = [client.async_infer("tier", inputs(ROWS[begin:end], i % 2 == 0), request_id=str(i))
               for i, (begin, end) in enumerate(spans)]
    for i, ((begin, end), request) in enumerate(zip(spans, waiting)):
        answer = request.get_result()
        assert answer.get_response()["id"] == str(i)
        assert answer.as_numpy("probabilities").tobytes() == expected[begin:end].tobytes(), (begin, end)


def check_errors(client):
    rows = inputs(ROWS[:2], True)
    refused("'other'", "404", client.infer, "other", rows)
    refused("version", "404", client.infer, "tier", rows, model_version="9")
    refused("'age'", "400", client.infer, "tier", [each for each in rows if each.name() != "age"])
    refused("'else'", "400", client.infer, "tier", rows, outputs=outputs(True, "else"))
    refused("", "415", client.infer, "tier", rows, request_compression_algorithm="gzip")
    wrong = triton.InferInput("age", [2], "BYTES")
    wrong.set_data_from_numpy(numpy.array(["old", "young"], dtype=object))
    refused("'age'", "400", client.infer, "tier", [wrong if each.name() == "age" else each for each in rows])
    assert client.infer("tier", rows).as_numpy("class") is not None  # and the connection goes on


def states(client, **named):
    return {(each["name"], each["version"]): each["state"] for each in client.get_model_repository_index(**named)}


def check_repository(lab):
    use, admin = lab.secret("token"), lab.secret("admin-token")
    words = ["--tokens", lab.folder / "token", "--admin-tokens", lab.folder / "admin-token"]
    with serving.Server(lab, "--endpoint", "tier", *words) as server:
        client = triton.InferenceServerClient(server.address)
        user, chief = ({"Authorization": f"Bearer {secret}"} for secret in (use, admin))
        assert client.is_server_live()
        refused("", "401", client.get_server_metadata)
        refused("", "401", client.infer, "tier", inputs(ROWS, True))
        before = states(client, headers=user)
        assert before == {("tier", "1"): "READY", ("spare", "1"): "UNAVAILABLE", ("spare", "2"): "UNAVAILABLE"}, before
        assert not client.is_model_ready("spare", headers=user)
        refused("", "403", client.load_model, "spare", headers=user)
        client.load_model("spare", headers=chief)
        assert states(client, headers=user) == before | {("spare", "2"): "READY"}
        answer = client.infer("spare", inputs(ROWS, True), headers=user)
        assert answer.get_response()["model_version"] == "2" and len(answer.as_numpy("value")) == len(ROWS)
        client.unload_model("spare", headers=chief)
        assert states(client, headers=user) == before
        refused("'spare'", "404", client.infer, "spare", inputs(ROWS, True), headers=user)
        refused("'nobody'", "400", client.load_model, "nobody", headers=chief)
        client.close()


def check_tls(lab, expected):
    authority, token = lab.certificate(), lab.secret("token")
    words = ["--tls-certificate", authority, "--tls-key", lab.folder / "server.key", "--tokens", lab.folder / "token"]
    with serving.Server(lab, "--endpoint", "tier", *words) as server:
        client = triton.InferenceServerClient(
            server.address, ssl=True, ssl_context_factory=lambda: ssl.create_default_context(cafile=authority))
        assert client.is_server_ready()
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.infer("tier", inputs(ROWS, True), headers=headers).as_numpy("probabilities")
        assert answer.tobytes() == expected.tobytes()
        refused("", "401", client.infer, "tier", inputs(ROWS, True), headers={"Authorization": "Bearer " + token[::-1]})
        client.close()
        stranger = triton.InferenceServerClient(server.address, ssl=True)
        try:
            stranger.is_server_live()
            raise AssertionError("a certificate that nobody vouches for is taken")
        except ssl.SSLCertVerificationError:
            stranger.close()


def check_documentation(lab):
    """The lines of docs/serving.md, as they stand there but for the address."""
    chance = random.Random(12)
    rows = [{"tenure": chance.randrange(70), "Contract": chance.choice(["Month-to-month", "Two year"]),
             "churned": chance.choice(["Yes", "No"])} for _ in range(400)]
    serving.write_csv(lab.folder / "told.csv", rows)
    lab.train("churn", settings=["data.source=told.csv", "data.drop=[]", "data.types={}"])
    lines = DOCUMENT.read_text().split("\n## Other clients\n")[1].split("```python\n")[1].split("```")[0]
    with serving.Server(lab, "--endpoint", "churn") as server:
        assert "127.0.0.1:8080" in lines
        program = lines.replace("127.0.0.1:8080", server.address)
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and re.fullmatch(r"\[0\.\d+ +0\.\d+\s*\]\s*", done.stdout), (done.stdout, done.stderr)


def main():
    with tempfile.TemporaryDirectory() as name:
        lab = serving.Lab(pathlib.Path(name))
        lab.train("tier", "multiclass")
        lab.train("spare", "regression")
        lab.train("spare", "regression", settings=["training.seed=2"])
        with serving.Server(lab, "--endpoint", "tier") as server:
            client = triton.InferenceServerClient(server.address, concurrency=8)
            print("metadata, tensors, many requests at once, errors")
            check_metadata(client)
            expected = check_infer(client)
            check_many(client, expected)
            check_errors(client)
            client.close()
        print("tokens, loading and unloading")
        check_repository(lab)
        print("TLS")
        check_tls(lab, expected)
        print("the lines of docs/serving.md")
        check_documentation(lab)
    print("all well")


if __name__ == "__main__":
    main()
