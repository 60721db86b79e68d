#!/usr/bin/env python3
"""What `millrace package export` writes, held against what others have published of their formats.

  runtimes.py MILLRACE
config.pbtxt is read with Triton's own ModelConfig and compared with what ONNX Runtime says of the model; the
InferenceService's fields are those of KServe's schema; images install exactly the packages that the executables link, and
copy what lies beside their definitions. interoperability/images builds one for real.
Exit 77 (skipped) with the reason where these packages are missing.
"""

import ast
import csv
import importlib.util
import itertools
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import environment

environment.enter("Triton's client")

import numpy  # noqa: E402
import onnxruntime  # noqa: E402
import yaml  # noqa: E402
from google.protobuf import text_format  # noqa: E402

MILLRACE = pathlib.Path(sys.argv[1])
ODD_NAMES = ['say "no"', "back\\slash", "Zürich 日本", "a: b #c", "it's", "{curly}"]
CLASSES = {"two": ["no: never", 'yes "indeed"'], "three": ["a", "b #1", "ü"], "number": []}
TASKS = {"two": "binary", "three": "multiclass", "number": "regression"}


def millrace(*arguments, code=0):
    done = subprocess.run([MILLRACE, *map(str, arguments)], text=True, capture_output=True, timeout=120)
    assert done.returncode == code, (arguments, done.returncode, done.stderr)
    return done


def package_folder(name):
    """Where a package is, without running any of it: it needs more than this test installs."""
    return pathlib.Path(importlib.util.find_spec(name).submodule_search_locations[0])


# Triton


def model_config_type():
    path = package_folder("tritonclient") / "grpc" / "model_config_pb2.py"
    spec = importlib.util.spec_from_file_location("model_config_pb2", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TYPES = {"tensor(string)": "TYPE_STRING", "tensor(double)": "TYPE_FP64", "tensor(float)": "TYPE_FP32"}


def compare_tensors(model_config, ours, theirs):
    """With max_batch_size Triton adds the first dimension, which must be any."""
    described = {each.name: (model_config.DataType.Name(each.data_type), list(each.dims)) for each in ours}
    expected = {each.name: (TYPES[each.type], each.shape[1:]) for each in theirs}
    assert all(isinstance(each.shape[0], str) for each in theirs)
    assert described == expected and len(ours) == len(theirs), (described, expected)


def check_triton(folder, model_config, artifact, task):
    millrace("package", "export", artifact, "--as", "triton", "--to", folder)
    config = text_format.Parse((folder / "odd/config.pbtxt").read_text(), model_config.ModelConfig())
    assert config.name == "odd" and config.backend == "onnxruntime" and config.max_batch_size > 0
    assert config.HasField("dynamic_batching")
    graph = folder / "odd" / "1" / "model.onnx"
    inside = subprocess.run(["tar", "--zstd", "-xOf", artifact, "model.onnx"], check=True, capture_output=True, timeout=60)
    assert graph.read_bytes() == inside.stdout
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    compare_tensors(model_config, config.input, session.get_inputs())
    compare_tensors(model_config, config.output, session.get_outputs())
    assert {each.name for each in config.input} == set(ODD_NAMES)
    feeds = {each.name: numpy.full((3, *each.dims), "" if each.data_type == model_config.TYPE_STRING else numpy.nan,
                                   dtype=object if each.data_type == model_config.TYPE_STRING else numpy.float64)
             for each in config.input}
    answers = session.run([each.name for each in config.output], feeds)
    for described, answer in zip(config.output, answers):
        assert list(answer.shape) == [3, *described.dims]
        if described.label_filename:
            labels = (folder / "odd" / described.label_filename).read_text().splitlines()
            assert len(labels) == described.dims[0] and labels == CLASSES[task][-len(labels):], labels
    assert bool(CLASSES[task]) == any(each.label_filename for each in config.output)


# KServe


def fields_of(kind):
    """KServe's name of each field of one of its types → its type, from the classes that are made of its schema."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).lower()
    tree = ast.parse((package_folder("kserve") / "models" / f"{name}.py").read_text())
    values = {node.targets[0].id: node.value for node in ast.walk(tree)
              if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)}
    types, names = (ast.literal_eval(values[each]) for each in ("openapi_types", "attribute_map"))
    return {names[key]: types[key] for key in types}


def check_fields(value, kind):
    """Every key of a document is a field, down to types that are Kubernetes' own."""
    fields = fields_of(kind)
    for key, below in value.items():
        assert key in fields, f"{kind} has no {key}"
        if fields[key].startswith("V1beta1"):
            check_fields(below, fields[key])
        elif fields[key] in ("str", "int"):
            assert isinstance(below, {"str": str, "int": int}[fields[key]]), (key, below)


def service_of(folder, artifact, *options):
    millrace("package", "export", artifact, "--as", "kserve", "--to", folder, *options)
    service = yaml.safe_load((folder / "inference-service.yaml").read_text())
    check_fields(service, "V1beta1InferenceService")
    assert (service["apiVersion"], service["kind"]) == ("serving.kserve.io/v1beta1", "InferenceService")
    return service


def check_kserve(folder, artifact):
    uri = "s3://models/odd?version='1'"
    service = service_of(folder / "image", artifact, "--image", "lab/odd:1")
    (container,) = service["spec"]["predictor"]["containers"]
    assert service["metadata"]["name"] == "odd" and "canaryTrafficPercent" not in service["spec"]["predictor"]
    assert container["name"] == "kserve-container" and container["image"] == "lab/odd:1"
    # A model's fields include a container's.
    assert set(container) <= set(fields_of("V1beta1ModelSpec")), container
    service = service_of(folder / "storage", artifact, "--image", "i", "--storage", uri, "--canary", "10", "--name", "other")
    (container,) = service["spec"]["predictor"]["containers"]
    assert service["metadata"]["name"] == "other" and service["spec"]["predictor"]["canaryTrafficPercent"] == 10
    assert {each["name"]: each["value"] for each in container["env"]} == {"PROTOCOL": "v2", "STORAGE_URI": uri}
    assert all(isinstance(each, str) for each in container["args"])
    served = pathlib.Path(container["args"][container["args"].index("--artifact") + 1])
    assert (folder / "storage/storage" / served.name).read_bytes() == artifact.read_bytes()
    service = service_of(folder / "triton", artifact, "--server", "triton", "--storage", uri, "--canary", "0")
    model = service["spec"]["predictor"]["model"]
    assert model["storageUri"] == uri and model["protocolVersion"] == "v2" and model["modelFormat"]["name"] == "onnx"
    assert service["spec"]["predictor"]["canaryTrafficPercent"] == 0
    assert (folder / "triton/storage/odd/config.pbtxt").exists()


# Images


def package_of(library):
    paths = subprocess.run(["/sbin/ldconfig", "-p"], text=True, capture_output=True, check=True).stdout
    found = pathlib.Path(re.search(rf"^\s*{re.escape(library)} .*=> (.+)$", paths, re.MULTILINE)[1])
    for path in (found, found.resolve(), *(pathlib.Path(str(each).removeprefix("/usr")) for each in (found, found.resolve()))):
        owner = subprocess.run(["dpkg-query", "--search", path], text=True, capture_output=True)
        if owner.returncode == 0:
            return owner.stdout.split(":")[0]
    raise AssertionError(f"{library} is no package's")


def linked_packages(executable):
    """Of the libraries that it names itself; what these need is their packages' affair."""
    dynamic = subprocess.run(["readelf", "-d", executable], text=True, capture_output=True, check=True).stdout
    return {package_of(library) for library in re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic)}


OF_THE_BASE = {"libc6", "libgcc-s1", "libstdc++6"}
PROGRAMS = {"ca-certificates", "openmpi-bin", "openssh-client", "slurm-client"}


def installed_by(definition):
    (line,) = re.findall(r"apt-get install -y --no-install-recommends (.+?)(?: \\)?$", definition, re.MULTILINE)
    return set(line.split())


def stages_of_dockerfile(text):
    """Stages of [instruction, argument], with lines that go on joined."""
    lines = [line for line in re.sub(r"\\\n", " ", text).splitlines() if line and not line.startswith("#")]
    known = {"FROM", "RUN", "COPY", "LABEL", "USER", "EXPOSE", "ENTRYPOINT", "CMD", "WORKDIR"}
    instructions = [line.split(maxsplit=1) for line in lines]
    assert {name for name, _ in instructions} <= known and instructions[0][0] == "FROM"
    for name, argument in instructions:
        if name in ("ENTRYPOINT", "CMD"):
            assert all(isinstance(word, str) for word in json.loads(argument))
    starts = [at for at, (name, _) in enumerate(instructions) if name == "FROM"] + [len(instructions)]
    return [instructions[begin:end] for begin, end in itertools.pairwise(starts)]


def stages_of_definition(text):
    """Stages of an Apptainer definition: its header, and its sections' lines."""
    sections = {"files", "files from build", "post", "labels", "test", "runscript", "startscript", "help"}
    stages = []
    for line in text.splitlines():
        header = re.fullmatch(r"(Bootstrap|From|Stage): (\S+)", line)
        if line.startswith("%"):
            assert line[1:] in sections and line[1:] not in stages[-1][1], line
            lines = stages[-1][1].setdefault(line[1:], [])
        elif header:
            if header[1] == "Bootstrap":
                stages.append(({}, {}))
            assert not stages[-1][1], "a header behind a section"
            stages[-1][0][header[1]] = header[2]
        elif line and not line.startswith("#"):
            assert line.startswith("    "), line
            lines.append(line.strip())
    assert all(header["Bootstrap"] == "docker" and header["From"] == "debian:12-slim" for header, _ in stages)
    return stages


def check_sources(copies, folder):
    for source in copies:
        assert (folder / source).exists(), f"{source} is not in {folder}"


def check_images(folder, artifact):
    tree = pathlib.Path(__file__).resolve().parents[2]
    serving = linked_packages(MILLRACE.parent / "millrace-serve") - OF_THE_BASE
    pipeline = linked_packages(MILLRACE) | PROGRAMS
    assert not any(re.search("mpi|cuda|protobuf|onnx|openblas", each) for each in serving), serving
    for kind in ("docker", "apptainer"):
        millrace("package", "export", artifact, "--as", kind, "--to", folder / kind)
    for name, expected in (("Dockerfile", serving), ("pipeline.Dockerfile", pipeline - OF_THE_BASE)):
        text = (folder / "docker" / name).read_text()
        assert installed_by(text) == expected, (name, installed_by(text) ^ expected)
        *build, last = stages_of_dockerfile(text)
        context = tree if build else folder / "docker"
        copied = [argument.split()[:-1] for name, argument in (build or [last])[0] if name == "COPY"]
        check_sources(itertools.chain.from_iterable(copied), context)
        assert len(build) == (1 if name.startswith("pipeline") else 0)
    for name, expected in (("serve.def", serving), ("pipeline.def", pipeline - OF_THE_BASE)):
        text = (folder / "apptainer" / name).read_text()
        assert installed_by(text) == expected, (name, installed_by(text) ^ expected)
        stages = stages_of_definition(text)
        assert [header.get("Stage") for header, _ in stages] == (["build", "final"] if "pipeline" in name else [None])
        check_sources((line.split()[0] for line in stages[0][1]["files"]), tree if len(stages) > 1 else folder / "apptainer")


def train(folder, target):
    random_ = random.Random(1)
    with open(folder / "rows.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*ODD_NAMES, target])
        for _ in range(300):
            values = [random_.gauss(0, 1), random_.choice("xyz"), random_.random(), random_.choice(["true", "false"]),
                      random_.randrange(100), f"2024-01-{random_.randrange(1, 29):02}"]
            writer.writerow([*values, random_.choice(CLASSES[target]) if CLASSES[target] else random_.random()])
    settings = {"name": "odd", "workspace": str(folder / "workspace"), "training": {"epochs": 1}, "model": {"hidden": [4]},
                "data": {"source": str(folder / "rows.csv"), "target": {"column": target, "task": TASKS[target]}}}
    (folder / "odd.yaml").write_text(json.dumps(settings))
    digest = json.loads(millrace("run", folder / "odd.yaml", "--json", "--quiet").stdout)["outputs"]["package"]["artifact"]
    return folder / "workspace/objects" / digest[:2] / digest[2:]


def main():
    model_config = model_config_type()
    with tempfile.TemporaryDirectory() as name:
        for task in TASKS:
            folder = pathlib.Path(name) / task
            folder.mkdir()
            artifact = train(folder, task)
            check_triton(folder / "triton", model_config, artifact, task)
        check_kserve(folder / "kserve", artifact)
        check_images(folder / "images", artifact)
    print("all well")


main()
