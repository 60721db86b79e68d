"""Quality on public data: mean and spread over seeds, seconds a run, and what scikit-learn reaches on the same rows.

Test rows are row_index % 5 == 4. The peers' figures are scikit-learn 1.2.1's with default settings, seed 0, on the same
test rows (linear or logistic, gradient boosting, MLP with 64-32 hidden units).
"""
import statistics
import tempfile
import time

import millrace

SETS = {
    "telco-churn": {"metric": "auc", "digits": 4, "target": 0.833,
                    "peers": {"linear": 0.8373, "hist_gbm": 0.8290, "mlp_64_32": 0.8356}},
    "adult": {"metric": "auc", "digits": 4, "target": 0.912,
              "peers": {"linear": 0.9070, "hist_gbm": 0.9287, "mlp_64_32": 0.9122}},
    "california-housing": {"metric": "rmse", "digits": 0, "target": 54000,
                           "peers": {"linear": 68400, "hist_gbm": 48650, "mlp_64_32": 53170}},
    "bike-sharing": {"metric": "rmse", "digits": 2, "target": 42,
                     "peers": {"linear": 101.2, "hist_gbm": 40.55, "mlp_64_32": 40.23}},
    "kddcup99": {"metric": "accuracy", "digits": 5, "target": 0.999,
                 "peers": {"linear": None, "hist_gbm": None, "mlp_64_32": None}},  # not measured
}


def run_seed(name, seed, workspace):
    begin = time.monotonic()
    record = millrace.run_json(["evaluate", f"configs/{name}.yaml", "--workspace", workspace,
                                "--set", f"training.seed={seed}", "--set", "evaluation.gate=false"])
    return record["metrics"]["test"], time.monotonic() - begin


def measure_set(name, seeds):
    metric = SETS[name]["metric"]
    with tempfile.TemporaryDirectory() as workspace:
        results = [run_seed(name, seed, workspace) for seed in seeds]
    values = [metrics[metric] for metrics, _ in results]
    return {"metric": metric, "mean": statistics.mean(values), "min": min(values), "max": max(values),
            "sd": statistics.stdev(values) if len(values) > 1 else 0.0, "seeds": len(values),
            "seconds": statistics.median(seconds for _, seconds in results),
            "digits": SETS[name]["digits"], "target": SETS[name]["target"], "peers": SETS[name]["peers"]}


def measure(quick):
    return {name: measure_set(name, range(1, 2 if quick else 6)) for name in SETS}


def table(figures):
    lines = ["| data set | metric | mean | sd | min | max | seeds | seconds | linear | hist-gbm | mlp 64-32 |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    for name, f in figures.items():
        cells = [f"{f[key]:.{f['digits']}f}" for key in ("mean", "sd", "min", "max")]
        peers = ["–" if value is None else f"{value:.{f['digits']}f}" for value in f["peers"].values()]
        lines.append(f"| {name} | {f['metric']} | " + " | ".join([*cells, str(f["seeds"]), f"{f['seconds']:.1f}", *peers]) + " |")
    return "\n".join(lines)
