"""tuning_peer.py MAX_EPOCHS FACTOR < CURVES: what Optuna's and Ray Tune's successive halving would make of trials whose learning curves
are known ([[loss of epoch 1, …], …]), one trial after the other: {peer: {epochs_saved, loss_ratio}}. A trial's loss at an epoch is
its best so far, as in Millrace."""
import itertools
import json
import logging
import sys


def outcome(curves, seen):
    """`seen`: of each trial the epochs that it was allowed."""
    spent = sum(seen)
    best = min(min(curve[:epochs]) for curve, epochs in zip(curves, seen))
    return {"epochs_saved": 1 - spent / sum(map(len, curves)), "loss_ratio": best / min(map(min, curves))}


def optuna_decides(curves, max_epochs, factor):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    pruner = optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=factor, min_early_stopping_rate=0)
    study = optuna.create_study(direction="minimize", pruner=pruner)
    seen = []
    for curve in curves:
        trial = study.ask()
        for epoch, loss in enumerate(itertools.accumulate(curve, min), start=1):
            trial.report(loss, epoch)
            if trial.should_prune() or epoch == len(curve):
                break
        pruned = epoch < len(curve)
        study.tell(trial, None if pruned else loss, optuna.trial.TrialState.PRUNED if pruned else None)
        seen.append(epoch)
    return outcome(curves, seen)


class FakeTrial:
    """As much of a trial as the scheduler looks at."""

    def __init__(self, number):
        self.trial_id, self.status = f"trial{number}", "RUNNING"


def ray_decides(curves, max_epochs, factor):
    from ray.tune.schedulers import ASHAScheduler, TrialScheduler

    scheduler = ASHAScheduler(time_attr="training_iteration", metric="loss", mode="min", max_t=max_epochs, grace_period=1,
                              reduction_factor=factor)
    seen = []
    for number, curve in enumerate(curves):
        trial = FakeTrial(number)
        scheduler.on_trial_add(None, trial)
        for epoch, loss in enumerate(itertools.accumulate(curve, min), start=1):
            result = {"training_iteration": epoch, "loss": loss}
            if scheduler.on_trial_result(None, trial, result) == TrialScheduler.STOP or epoch == len(curve):
                break
        scheduler.on_trial_complete(None, trial, result)
        seen.append(epoch)
    return outcome(curves, seen)


def main():
    logging.disable(logging.CRITICAL)
    curves, settings = json.load(sys.stdin), [int(word) for word in sys.argv[1:3]]
    found = {}
    for name, decide in {"optuna": optuna_decides, "ray": ray_decides}.items():
        try:
            found[name] = decide(curves, *settings)
        except ImportError as error:
            found[name] = f"not installed: {error.name}"
    print(json.dumps(found))


if __name__ == "__main__":
    main()
