#!/usr/bin/env python3
"""The OpenAPI document that a server gives of itself, held against what it does and against docs/serving.md.

  serving_openapi.py MILLRACE
The document is valid; it has the routes that docs/serving.md lists and no others; every operation is asked, rightly and
wrongly, and each answer has the status, the type and the schema that the document says.
Exit 77 (skipped) with the reason where the validator is not installed (scripts/setup --test).
"""

import json
import pathlib
import re
import tempfile

import environment

environment.enter("openapi-spec-validator")

import openapi_spec_validator  # noqa: E402

import serving  # noqa: E402
from openapi_interface import Interface  # noqa: E402

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/serving.md"
ROW = serving.make_rows(1, 9, odd=0, missing=0)[0]
ODD = serving.make_rows(20, 10, odd=0.1, missing=0.2)
TENSORS = {"inputs": [{"name": name, "datatype": datatype, "shape": [len(ODD)], "data": [row[name] for row in ODD]}
                      for name, datatype in serving.DATATYPES.items()]}
OUTPUTS = {"churn": "probability", "tier": "class", "charge": "value"}  # of the endpoints
# What is asked of an operation, by the last part of its path; others take no body.
RIGHT = {
    "infer": [TENSORS, TENSORS | {"id": "q", "parameters": {"binary_data_output": True, "route_key": "k"}}],
    "predict": [{"rows": ODD, "id": "q", "reasons": 2, "route_key": "k"}, ODD, ROW],
    "load": [{"parameters": {"version": "1"}}, {}, None],
    "unload": [None, {}, {"parameters": {"version": "1"}}],
}
WRONG = {"infer": [b"{", {}, {"inputs": []}, TENSORS | {"outputs": [{"name": "else"}]}],
         "predict": [b"[1", {"rows": [{"else": 1}]}, {"rows": [{"age": "old"}]}],
         "load": [b"{", {"parameters": {"version": "9"}}],
         "unload": [b"{", {"parameters": {"version": "9"}}]}


def target_of(path: str, model="churn"):
    """`spare` alone is loaded and unloaded."""
    return path.replace("{model}", "spare" if "/repository/" in path else model).replace("{version}", "1")


def check_right(interface: Interface):
    """unload comes after load, and each of its requests after one of load's."""
    for path, method, operation in interface.operations():
        last = path.split("/")[-1]
        target = target_of(path)
        access = interface.admin if last in ("load", "unload") else interface.use
        assert ("requestBody" in operation) == (last in RIGHT), (path, method)
        for body in RIGHT.get(last, [None]):
            interface.check_request(operation, body)
            if last == "unload":
                load = target.replace("unload", "load")
                assert interface.server.ask("POST", load, headers=access)[0] == 200
            interface.ask(operation, target, method, body, access, [200])
            interface.ask(operation, target + "/?a=b", method, body, access, [400 if last == "unload" else 200])


def check_tasks(interface: Interface):
    for model, output in OUTPUTS.items():
        for path, method, operation in interface.operations():
            last, target = path.split("/")[-1], target_of(path, model)
            bodies = list(RIGHT.get(last, [None])) if "/v2/models/" in path else []
            if last == "infer":
                bodies.append(TENSORS | {"parameters": {"timeout": 10**7}, "outputs": [{"name": output}]})
            for body in bodies:
                interface.check_request(operation, body)
                interface.ask(operation, target, method, body, interface.use, [200])


def begin_shadow(lab: serving.Lab):
    """Version 2 answers at `churn`, and version 1 is tried beside it."""
    lab.train("churn", settings=["training.seed=2"])
    file = lab.workspace / "deploy/churn/state.json"
    state = json.loads(file.read_text())
    state |= {"candidate": state["previous"] | {"mode": "shadow", "percent": 100}, "previous": None}
    file.write_text(json.dumps(state))


def check_arms(interface: Interface):
    """Of all parts, and with the counts of a shadow, which come after the answers."""
    (operation,) = (operation for path, _, operation in interface.operations() if path.endswith("/arms"))
    compared = 0
    while not compared:  # else this test's time limit ends it
        arms = interface.ask(operation, "/v2/models/churn/arms", "GET", None, interface.use, [200])
        assert [arm["arm"] for arm in arms["arms"]] == ["current", "candidate"], arms
        compared = arms["shadow"]["compared"]


def check_wrong(interface: Interface):
    for path, method, operation in interface.operations():
        last = path.split("/")[-1]
        target = target_of(path)
        admin = last in ("load", "unload")
        access = interface.admin if admin else interface.use
        other = "GET" if method == "POST" else "POST"
        interface.ask(operation, target, other, None, access, [405])
        interface.ask(operation, target, "DELETE", None, access, [405])
        open_to_all = operation.get("security") == []
        interface.ask(operation, target, method, None, {}, [200] if open_to_all else [401])
        stranger = {"Authorization": "Bearer " + "x" * 32}
        interface.ask(operation, target, method, None, stranger, [200] if open_to_all else [401])
        if admin:
            interface.ask(operation, target, method, None, interface.use, [403])
        if "{model}" in path:
            body = RIGHT.get(last, [None])[0]
            interface.ask(operation, path.replace("{model}", "nobody").replace("{version}", "1"), method, body, access, [400 if admin else 404])
        if "{version}" in path:
            body = RIGHT.get(last, [None])[0]
            interface.ask(operation, target.replace("/1", "/99"), method, body, access, [404])
        for body in WRONG.get(last, []):
            interface.ask(operation, target, method, body, access, [400])


def documented_routes():
    """METHOD /path of each row of the table, whole."""
    section = DOCUMENT.read_text().split("\n## Routes\n")[1].split("\n## ")[0]
    routes, last = set(), ""
    for cell in re.findall(r"^\| (`[^|]*`) \|", section, re.MULTILINE):
        for span in re.findall("`([^`]+)`", cell):
            if span.startswith("…"):  # the route before with another end
                span = last.rsplit("/", 1)[0] + span[1:]
            routes.add(span.replace("{m}", "{model}"))
            last = span
    return routes


def check_routes(interface: Interface):
    documented = documented_routes()
    assert len(documented) > 10, documented
    described = {f"{method} {path}" for path, method, _ in interface.operations()}
    versions = {route for route in described if "/versions/{version}" in route}
    assert described - versions == documented, described - versions ^ documented
    of_models = {route for route in documented if "/v2/models/{model}" in route and not route.endswith("/arms")}
    assert {route.replace("/versions/{version}", "") for route in versions} == of_models, versions


def main():
    with tempfile.TemporaryDirectory() as name:
        lab = serving.Lab(pathlib.Path(name))
        for model, task in zip([*OUTPUTS, "spare"], [*serving.TARGETS, "binary"]):
            lab.train(model, task)
        begin_shadow(lab)
        tokens = [lab.secret("token"), lab.secret("admin-token")]
        words = ["--tokens", lab.folder / "token", "--admin-tokens", lab.folder / "admin-token"]
        endpoints = [word for model in OUTPUTS for word in ("--endpoint", model)]
        with serving.Server(lab, *endpoints, *words) as server:
            interface = Interface(server, tokens)
            print("the document is valid, and has the routes of docs/serving.md")
            openapi_spec_validator.validate(interface.document)
            check_routes(interface)
            print("answers are as it says, to right requests and to wrong ones")
            check_right(interface)
            check_tasks(interface)
            check_arms(interface)
            check_wrong(interface)
    print("all well")


if __name__ == "__main__":
    main()
