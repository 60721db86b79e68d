"""A table of seeded data defects: how many the default validation catches, with no rule written by hand.

Half of a set's rows, drawn by seed, is a day that was accepted; the other half, with one defect, is the day after it. A
defect is caught where validation fails, warns, or stops with a message, and does neither on the same half without the
defect. Clean halves of the set, drawn anew, are the trials of false alarms.
"""
import json
import random
import shutil
import tempfile
from pathlib import Path

import defect_kinds
import millrace

SETS = {
    "telco": {"files": ["telco-churn/Telco-Customer-Churn.csv"], "target": "Churn", "positive": ["Yes"], "identifier": 0,
              "missing": ["", " "]},
    "adult": {"files": ["adult/adult.data", "adult/adult.test"], "target": "income", "positive": [">50K", ">50K."],
              "identifier": None, "missing": ["", "?"],
              "names": ["age", "workclass", "fnlwgt", "education", "education_num", "marital_status", "occupation",
                        "relationship", "race", "sex", "capital_gain", "capital_loss", "hours_per_week",
                        "native_country", "income"]},
}
PIPELINE = """name: day
workspace: workspace
data: {{ source: day.csv, target: {{ column: {target}, positive: {positive} }}, missing: {missing} }}
"""


def load(name):
    """Header and rows of a set; blanks around values removed."""
    about = SETS[name]
    lines = [line for file in about["files"] for line in (millrace.data_folder() / file).read_text().splitlines()]
    rows = [[value.strip() for value in line.split(",")] for line in lines if line.count(",") >= 14]
    header = about.get("names") or rows.pop(0)
    return header, rows


class Day:
    """A folder with a pipeline whose workspace has accepted a first day."""

    def __init__(self, folder, name, header, rows):
        self.folder = Path(folder)
        about = SETS[name]
        (self.folder / "day.yaml").write_text(PIPELINE.format(target=about["target"], positive=json.dumps(about["positive"]),
                                                              missing=json.dumps(about["missing"])))
        self.first = self.alarms_in(header, rows)
        shutil.move(self.folder / "workspace", self.folder / "accepted")

    def alarms_in(self, header, rows):
        """What validation says of a day after the accepted one: {(check, column)}, or the message it stopped with."""
        workspace = self.folder / "workspace"
        shutil.rmtree(workspace, ignore_errors=True)
        if (self.folder / "accepted").exists():
            shutil.copytree(self.folder / "accepted", workspace, symlinks=True)
        (self.folder / "day.csv").write_text("\n".join(",".join(row) for row in [header, *rows]) + "\n")
        error = millrace.failure(["validate", self.folder / "day.yaml", "--quiet"])
        record = json.loads((workspace / "runs/latest/run.json").read_text())
        verdict = record.get("outputs", {}).get("validate", {}).get("verdict")
        if verdict is None:
            return {("stopped", error.strip().splitlines()[0] if error else "")}
        checks = json.loads((workspace / "objects" / verdict[:2] / verdict[2:]).read_text())["checks"]
        return {(check["check"], check["column"]) for check in checks if not check["passed"]}


def halves(rows, seed):
    rows = list(rows)
    random.Random(seed).shuffle(rows)
    return rows[: len(rows) // 2], rows[len(rows) // 2:]


def measure_set(name, seeds, samples):
    header, rows = load(name)
    about = SETS[name]
    trials, false_alarms, days = [], [], 0
    first_look = set()
    for seed in seeds:
        before, after = halves(rows, seed)
        with tempfile.TemporaryDirectory() as folder:
            day = Day(folder, name, header, before)
            first_look |= day.first
            clean_days = [after] + [random.Random(1000 * seed + i).sample(rows, len(after)) for i in range(samples)]
            clean_alarms = [day.alarms_in(header, clean) for clean in clean_days]
            days += len(clean_days)
            false_alarms += [alarm for alarms in clean_alarms for alarm in sorted(alarms)]
            for kind, defect in defect_kinds.KINDS.items():
                chance = random.Random(f"{name} {seed} {kind}")
                table = defect_kinds.Table(header, after, about["target"], about["positive"], about["identifier"], chance)
                where = defect(table)
                alarms = day.alarms_in(table.header, table.rows) - clean_alarms[0]
                trials.append({"set": name, "seed": seed, "kind": kind, "where": where, "caught": bool(alarms),
                               "by": sorted({check for check, _ in alarms})})
    return {"trials": trials, "clean_days": days, "false_alarms": false_alarms, "first_look": sorted(first_look)}


def measure(quick):
    seeds, samples = (range(1, 2), 1) if quick else (range(1, 3), 10)
    return {name: measure_set(name, seeds, samples) for name in SETS}


def table(figures):
    trials = [trial for of_set in figures.values() for trial in of_set["trials"]]
    lines = ["| defect | caught | by | missed |", "|---|---|---|---|"]
    for kind in defect_kinds.KINDS:
        of_kind = [trial for trial in trials if trial["kind"] == kind]
        by = sorted({check for trial in of_kind for check in trial["by"]})
        missed = [f"{trial['set']} {trial['where']}" for trial in of_kind if not trial["caught"]]
        caught = sum(trial["caught"] for trial in of_kind)
        lines.append(f"| {kind} | {caught} of {len(of_kind)} | {', '.join(by)} | {'; '.join(missed)} |")
    lines.append(f"| all | {sum(trial['caught'] for trial in trials)} of {len(trials)} | | |")
    for name, of_set in figures.items():
        alarms = [f"{check} {column}" for check, column in of_set["false_alarms"]]
        first = [f"{check} {column}" for check, column in of_set["first_look"]]
        lines.append(f"\n{name}: false alarms on {of_set['clean_days']} clean days: {', '.join(alarms) or 'none'}; "
                     f"on the first look: {', '.join(first) or 'none'}")
    return "\n".join(lines)
