"""Tuning: what early stopping of trials saves, and what it costs in the best loss found.

Each data set, five seeds: a random search that trains each of its trials to the end (with the configuration's own early
stopping), and the same trials under ASHA (rungs at 1, 4 and 16 of 32 epochs). epochs_saved is 1 - epochs of ASHA / epochs of
random; loss_ratio is ASHA's best validation loss over random's (1: the same trial won), the mean over seeds, and the worst. tpe
draws the trials under ASHA by what it has seen. budget: ASHA again over more trials, ended when it has spent 58 % of the random
search's epochs (by the segment that passes the limit): what 40 % fewer epochs buy. Peers decide about the same trials: the
learning curves of the random search are played to Optuna's successive halving and Ray Tune's ASHA with the same settings, trial
by trial.

groups: the same search by 1, 2 and 4 ranks: seconds, and whether the results are the same. per_segment_ms: a training of one epoch on
few rows with all that belongs to it: a trial's data, network, training, score, journal and decision. per_decision_ms: the decision
alone.
"""
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import millrace
from plain_table import table  # noqa: F401: what benchmarks/run prints

EPOCHS, FACTOR, TRIALS = 32, 4, 40
PEER = millrace.ROOT / ".venv/tuning/bin/python"
PEER_SCRIPT = Path(__file__).resolve().parent / "tuning_peer.py"
SETS = {"telco-churn": "log_loss", "california-housing": "rmse", "bike-sharing": "rmse"}
SPACE = {"training.learning_rate": {"loguniform": [1e-4, 1e-1]}, "training.batch_size": {"choice": [64, 128, 256, 512]},
         "model.hidden": {"choice": [[16], [32], [64, 32], [128, 64]]}, "model.dropout": {"uniform": [0, 0.5], "step": 0.1},
         "training.weight_decay": {"loguniform": [1e-6, 1e-2]}}


def search(folder, config, metric, seed, scheduler, kind="random", ranks=2, trials=TRIALS, epochs=EPOCHS, budget=None, settings=()):
    """The search's result, and its seconds. Data and features are in the folder's workspace from the first one on."""
    tuning = {"name": f"{kind}-{scheduler}-{seed}-{ranks}-{trials}", "space": SPACE, "search": kind, "trials": trials, "seed": seed, "metric": metric,
              "scheduler": {"kind": scheduler, "max_epochs": epochs, "factor": FACTOR}}
    if budget:
        tuning["limits"] = {"epochs": budget}
    begin = time.monotonic()
    result = millrace.run_json(["tune", config, "--workspace", folder / "workspace", "--set", f"tuning={json.dumps(tuning)}",
                                *(word for each in settings for word in ("--set", each))], ranks=ranks)
    return result, time.monotonic() - begin


def curves(result):
    """Of each trial the validation loss by epoch."""
    return [[point["validation_loss"] for point in trial["curve"]] for trial in result["trials"]]


def compare(name, metric, seeds, folder):
    config = f"configs/{name}.yaml"
    saved, ratios, tpe_ratios, budget_ratios, budget_saved, peers = [], [], [], [], [], {}
    for seed in seeds:
        all_of_it, _ = search(folder, config, metric, seed, "none")
        stopped, _ = search(folder, config, metric, seed, "asha")
        guided, _ = search(folder, config, metric, seed, "asha", "tpe")
        budget, _ = search(folder, config, metric, seed, "asha", trials=10 * TRIALS, budget=all_of_it["epochs"] * 58 // 100)
        budget_ratios.append(budget["best"]["score"] / all_of_it["best"]["score"])
        budget_saved.append(1 - budget["epochs"] / all_of_it["epochs"])
        saved.append(1 - stopped["epochs"] / all_of_it["epochs"])
        ratios.append(stopped["best"]["score"] / all_of_it["best"]["score"])
        tpe_ratios.append(guided["best"]["score"] / all_of_it["best"]["score"])
        for peer, figures in ask_peers(curves(all_of_it)).items():
            peers.setdefault(peer, []).append(figures)
    figures = {"epochs_saved": statistics.mean(saved), "loss_ratio": statistics.mean(ratios), "worst_loss_ratio": max(ratios),
               "tpe_loss_ratio": statistics.mean(tpe_ratios), "budget_loss_ratio": statistics.mean(budget_ratios),
               "worst_budget_loss_ratio": max(budget_ratios), "budget_epochs_saved": statistics.mean(budget_saved)}
    for peer, of_seeds in peers.items():
        if isinstance(of_seeds[0], str):
            figures[peer] = of_seeds[0]
            continue
        figures |= {f"{peer}_epochs_saved": statistics.mean(one["epochs_saved"] for one in of_seeds),
                    f"{peer}_loss_ratio": statistics.mean(one["loss_ratio"] for one in of_seeds)}
    return figures


def ask_peers(trials):
    if not PEER.exists():
        return {"peers": "not installed: benchmarks/setup-peers"}
    done = subprocess.run([PEER, PEER_SCRIPT, str(EPOCHS), str(FACTOR)], input=json.dumps(trials), capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{PEER_SCRIPT.name} ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


def measure_groups(folder):
    results, seconds = {}, {}
    for ranks in (1, 2, 4):
        results[ranks], seconds[ranks] = search(folder, "configs/telco-churn.yaml", "log_loss", 11, "asha", ranks=ranks)
        for of_its_own in ("folder", "search", "id", "begun", "summarized"):
            del results[ranks][of_its_own]
    return {f"seconds_{ranks}": seconds[ranks] for ranks in seconds} | {
        "speedup_2": seconds[1] / seconds[2], "same_results": str(results[1] == results[2] == results[4])}


def measure_segment(folder):
    """Milliseconds of a one-epoch segment, all included, and of a decision alone: when the same command is given again, all results
    are there and the decisions are made once more."""
    millrace.run(["datagen", "--out", folder / "data", "--days", 1, "--rows-per-day", 1200, "--quiet"], ranks=1)

    def seconds(trials):
        return search(folder, "configs/quickstart.yaml", "log_loss", 1, "none", ranks=1, trials=trials, epochs=1,
                      settings=[f"data.source={folder}/data"])[1]
    few, many = 10, 410
    trained = [seconds(few), seconds(many)]
    replayed = [min(seconds(few) for _ in range(3)), min(seconds(many) for _ in range(3))]
    return {"per_segment_ms": (trained[1] - trained[0]) / (many - few) * 1000,
            "per_decision_ms": (replayed[1] - replayed[0]) / (many - few) * 1000}


def measure(quick):
    figures = {}
    seeds = [1] if quick else range(1, 6)
    with tempfile.TemporaryDirectory(dir=millrace.ROOT / "build") as name:
        for one, metric in list(SETS.items())[:1 if quick else None]:
            folder = Path(name) / one
            folder.mkdir()
            figures[one] = compare(one, metric, seeds, folder)
        figures["groups"] = measure_groups(Path(name) / "telco-churn")
        (Path(name) / "segment").mkdir()
        figures |= measure_segment(Path(name) / "segment")
    sets = [one["epochs_saved"] for one in figures.values() if isinstance(one, dict) and "epochs_saved" in one]
    return {"epochs_saved": statistics.mean(sets)} | figures
