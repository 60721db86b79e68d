"""Evidently's side of benchmarks/run drift: drift_peer.py scores|report REFERENCE CURRENT COLUMNS

COLUMNS is JSON: {column: "num" or "cat"}. scores prints {column: {test: score}} and the test that Evidently chooses; report
makes its drift report of all columns and prints the seconds that takes, without imports and reading.
"""
import json
import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
MISSING = ["", " ", "NA", "?"]


def read(path, columns):
    types = {name: str for name, kind in columns.items() if kind == "cat"}
    return pd.read_csv(path, usecols=list(columns), dtype=types, na_values=MISSING, keep_default_na=False)


def clean(series):
    """As Evidently does before it calls a test."""
    return series.replace([-np.inf, np.inf], np.nan).dropna() if series.dtype.kind == "f" else series.dropna()


def scores(reference, current, columns):
    from evidently.legacy.calculations import stattests
    from evidently.legacy.calculations.stattests.registry import _impls, get_stattest
    from evidently.legacy.core import ColumnType

    tests = {"psi": stattests.psi_stat_test, "ks": stattests.ks_stat_test, "wasserstein": stattests.wasserstein_stat_test,
             "jensenshannon": stattests.jensenshannon_stat_test, "hellinger": stattests.hellinger_stat_test,
             "chisquare": stattests.chi_stat_test, "z": stattests.z_stat_test}
    found = {}
    for name, kind in columns.items():
        kind = ColumnType(kind)
        values = len(set(reference[name].dropna()) | set(current[name].dropna()))
        allowed = ["psi", "jensenshannon", "hellinger"] + (["ks", "wasserstein"] if kind == ColumnType.Numerical else [])
        allowed += ["chisquare"] if kind == ColumnType.Categorical or values <= 5 else []
        allowed += ["z"] if values <= 2 else []
        found[name] = {"chosen": get_stattest(clean(reference[name]), clean(current[name]), kind, None).name}
        for test in allowed:
            result = tests[test](clean(reference[name]).copy(), clean(current[name]).copy(), kind, None)
            found[name][test] = float(result.drift_score)
    return found


def report(reference, current, columns):
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset

    definition = DataDefinition(numerical_columns=[name for name, kind in columns.items() if kind == "num"],
                                categorical_columns=[name for name, kind in columns.items() if kind == "cat"])
    begin = time.monotonic()
    Report([DataDriftPreset()]).run(Dataset.from_pandas(current, definition), Dataset.from_pandas(reference, definition))
    return {"seconds": time.monotonic() - begin}


def main():
    what, reference, current = sys.argv[1:4]
    columns = json.loads(sys.argv[4])
    print(json.dumps({"scores": scores, "report": report}[what](read(reference, columns), read(current, columns), columns)))


if __name__ == "__main__":
    main()
