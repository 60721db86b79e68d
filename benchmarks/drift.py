"""Drift: the same numbers as Evidently's on public data sets, every test on every column.

Each data set is cut in two, by time or order; eight tenths of the first part train a model (for an epoch), whose artifact then
is all that `millrace monitor` compares the second part with: it does not see training rows again. Evidently gets both parts as
pandas frames, and is asked for each of its tests by itself, in the environment that benchmarks/setup-peers makes. A difference
is |ours - theirs| / |theirs|; of p-values below 1e-9, where theirs are differences of numbers near 1, it is not counted. A column with
one and the same value in both parts (one_value) has p = 0 by their chi-squared test, of no degrees of freedom, and 1 by ours.

no drift: 200 looks at 1,000 rows each, drawn from shuffled rows that the model was not trained on; how many had which level.
before and after: a model of the first part (elec2 until row 17,424, where three columns begin to move; airlines until 1995), and
looks at its held-out rows, and at windows behind it (six weeks; a year each): columns at `retrain`, and in how many windows.
"""
import gzip
import json
import random
import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import millrace
from plain_table import table  # noqa: F401: what benchmarks/run prints

PEER = millrace.ROOT / ".venv/evidently/bin/python"  # apart: it needs an older pandas
PEER_SCRIPT = Path(__file__).resolve().parent / "drift_peer.py"
TESTS = ["psi", "ks", "wasserstein", "jensenshannon", "hellinger", "chisquare", "z"]
SMALLEST_P = 1e-9


def lines_of(path):
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="latin-1").read().splitlines()
    return path.read_text().splitlines()


def cut(lines, header, first):
    """Header and the two parts, without rows that are empty."""
    rows = [line for line in lines if line.strip()]
    return header, rows[:first], rows[first:]


def telco(data):
    lines = lines_of(data / "telco-churn/Telco-Customer-Churn.csv")
    return *cut(lines[1:], lines[0], 4000), "Churn", ["customerID"]


def adult(data):
    names = ("age,workclass,fnlwgt,education,education_num,marital_status,occupation,relationship,race,sex,capital_gain,"
             "capital_loss,hours_per_week,native_country,income")
    tidy = [line.replace(", ", ",").rstrip(".") for part in ("adult.data", "adult.test") for line in lines_of(data / "adult" / part)]
    return *cut(tidy, names, 32561), "income", []


def elec2(data):
    lines = lines_of(data / "elec2/electricity.csv")
    return *cut(lines[1:], lines[0], 17424), "class", ["date"]


def airlines(data):
    lines = lines_of(data / "airlines/allyears2k_headers.csv.gz")
    drop = ["DepTime", "ArrTime", "ActualElapsedTime", "AirTime", "DepDelay", "ArrDelay", "CarrierDelay", "WeatherDelay",
            "NASDelay", "SecurityDelay", "LateAircraftDelay", "IsArrDelayed", "TailNum", "TaxiIn", "TaxiOut", "CancellationCode"]
    return *cut(lines[1:], lines[0], 17991), "IsDepDelayed", drop


def california(data):
    lines = lines_of(data / "california-housing/housing.csv")
    return *cut(lines[1:], lines[0], 12000), "median_house_value", []


def bike(data):
    lines = lines_of(data / "bike-sharing/hour.csv")
    return *cut(lines[1:], lines[0], 8645), "cnt", ["instant", "dteday", "casual", "registered"]


def kddcup(data):
    """Cut in the middle of the file, where other attacks begin."""
    names = re.search(r"names: \[(.*?)\]", (millrace.ROOT / "configs/kddcup99.yaml").read_text(), re.DOTALL)[1]
    lines = lines_of(data / "kddcup99/kddcup.data_10_percent.gz")
    return *cut(lines, re.sub(r"\s", "", names), 247_000), "label", []


def small(data):
    """Few enough rows for the tests of small references."""
    header, first, second, target, drop = telco(data)
    return header, first[:1100], second[:700], target, drop


SETS = {"telco-churn": telco, "telco-churn 880": small, "adult": adult, "elec2": elec2, "airlines": airlines,
        "california-housing": california, "bike-sharing": bike, "kddcup99": kddcup}


def write_parts(folder, header, first, second):
    training = [line for i, line in enumerate(first) if i % 10 < 8]
    for name, rows in {"all": first, "reference": training, "current": second}.items():
        (folder / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n")


def configure(folder, name, target, drop):
    config = {"name": name.replace(" ", "-"), "workspace": str(folder / "workspace"),
              "data": {"source": str(folder / "all.csv"), "target": {"column": target}, "drop": drop,
                       "missing": ["", " ", "NA", "?"],
                       "split": {"test": "row_index % 10 == 9", "validation": "row_index % 10 == 8"}},
              "validation": {"missing": {"action": "ignore"}, "leakage": {"action": "ignore"}, "outliers": {"method": "none"}},
              "model": {"hidden": [8]}, "training": {"epochs": 1}, "evaluation": {"gate": False},
              "monitoring": {"bins": "evidently", "min_rows": 1}}
    (folder / "config.yaml").write_text(json.dumps(config))
    return folder / "config.yaml"


def monitor(config, source, *options, ranks=1):
    """What `millrace monitor` says; drift is what it is asked for, so that code 5 is no failure."""
    command = millrace.command(["monitor", config, source, "--json", "--quiet", *options], ranks)
    done = subprocess.run(command, capture_output=True, text=True, env=millrace.environment(), cwd=millrace.ROOT)
    if done.returncode not in (0, 5):
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


def ask_peer(what, folder, columns):
    done = subprocess.run([PEER, PEER_SCRIPT, what, folder / "reference.csv", folder / "current.csv", json.dumps(columns)],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{PEER_SCRIPT.name} ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


def our_scores(config, source):
    """{column: {test: score}} and {column: kind}."""
    scores, kinds = {}, {}
    for test in ["auto", *TESTS]:
        for column in monitor(config, source, "--set", f"monitoring.test={test}")["columns"]:
            if column["type"] in ("date", "timestamp", "boolean") or "test" not in column:
                continue
            kinds[column["name"]] = "cat" if column["type"] == "text" else "num"
            of_column = scores.setdefault(column["name"], {})
            if test == "auto":
                of_column["chosen"] = column["test"]
            elif column["test"] == test:
                of_column[test] = column["score"]
    return scores, kinds


def difference(ours, theirs, test):
    if test in ("ks", "chisquare", "z") and theirs < SMALLEST_P:
        return 0.0 if ours < 2 * SMALLEST_P else float("inf")
    return abs(ours - theirs) / abs(theirs) if theirs else abs(ours)


def compare_set(name, folder, data):
    header, first, second, target, drop = SETS[name](data)
    write_parts(folder, header, first, second)
    config = configure(folder, name, target, drop)
    millrace.run(["run", config, "--quiet"], ranks=1)
    ours, kinds = our_scores(config, folder / "current.csv")
    if not PEER.exists():
        return {"columns": len(ours), "peer": "not installed: benchmarks/setup-peers"}
    theirs = ask_peer("scores", folder, kinds)
    found = {"columns": len(ours), "scores": 0, "largest_difference": 0.0, "where": "", "other_choice": "", "one_value": ""}
    for column, of_column in theirs.items():
        if ours[column]["chosen"] != of_column.pop("chosen"):
            found["other_choice"] += f"{column} "
        for test, score in of_column.items():
            if test == "chisquare" and of_column.get("psi") == 0 and (ours[column][test], score) == (1, 0):
                found["one_value"] += f"{column} "
                continue
            found["scores"] += 1
            off = difference(ours[column][test], score, test)
            if off > found["largest_difference"]:
                found |= {"largest_difference": off, "where": f"{column} {test}"}
    return found


def false_alarms(name, folder, data, resamples, rows):
    """Looks at rows drawn from those that the model has not seen, which are of the same distribution."""
    header, first, second, target, drop = SETS[name](data)
    both = first + second
    random.Random(1).shuffle(both)
    write_parts(folder, header, both, [])
    config = configure(folder, name, target, drop)
    millrace.run(["run", config, "--quiet"], ranks=1)
    unseen = [line for i, line in enumerate(both) if i % 10 >= 8]
    levels = {"none": 0, "warn": 0, "alert": 0, "retrain": 0}
    for number in range(resamples):
        drawn = random.Random(number).sample(unseen, rows)
        (folder / "current.csv").write_text("\n".join([header, *drawn]) + "\n")
        levels[monitor(config, folder / "current.csv", "--set", "monitoring.bins=quantile10")["level"]] += 1
    return {"resamples": resamples, "rows": rows} | levels


def look(config, folder, header, rows):
    """The level, and the columns at retrain, those with the highest index first."""
    (folder / "current.csv").write_text("\n".join([header, *rows]) + "\n")
    found = monitor(config, folder / "current.csv", "--set", "monitoring.bins=quantile10")
    ordered = sorted(found["columns"], key=lambda one: -one.get("psi", 0))
    return found["level"], [column["name"] for column in ordered if column["level"] == "retrain"]


def before_and_after(name, folder, data, window):
    """A model of eight tenths of the first part; a look at the other rows of that part, and one at each window behind it."""
    header, first, second, target, drop = SETS[name](data)
    write_parts(folder, header, first, second)
    config = configure(folder, name, target, drop)
    millrace.run(["run", config, "--quiet"], ranks=1)
    level, columns = look(config, folder, header, [line for i, line in enumerate(first) if i % 10 >= 8])
    found = {"before": " ".join([level, *columns]), "windows": 0, "at_retrain": 0}
    named = Counter()
    for begin in range(0, len(second) - window + 1, window):
        level, columns = look(config, folder, header, second[begin:begin + window])
        found["windows"] += 1
        found["at_retrain"] += level == "retrain"
        named.update(columns)
    return found | {"after": ", ".join(f"{column} {times}" for column, times in named.most_common(6))}


def measure(quick):
    figures = {}
    with tempfile.TemporaryDirectory(dir=millrace.ROOT / "build") as name:
        root = Path(name)
        for number, one in enumerate(["telco-churn", "telco-churn 880"] if quick else SETS):
            folder = root / str(number)
            folder.mkdir()
            figures[one] = compare_set(one, folder, millrace.data_folder())
        for one in ["telco-churn"] if quick else ["telco-churn", "adult"]:
            folder = root / f"resamples {one}"
            folder.mkdir()
            figures[f"no drift: {one}"] = false_alarms(one, folder, millrace.data_folder(), 20 if quick else 200, 1000)
        for one, window in [] if quick else [("elec2", 2016), ("airlines", 1999)]:
            folder = root / f"time {one}"
            folder.mkdir()
            figures[f"before and after: {one}"] = before_and_after(one, folder, millrace.data_folder(), window)
        known = [one["largest_difference"] for one in figures.values() if "largest_difference" in one]
        figures = {"max_relative_difference_evidently": max(known) if known else "see the peer"} | figures
    return figures
