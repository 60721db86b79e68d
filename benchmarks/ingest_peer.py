"""One reader of CSV files at a time, timed: seconds on the clock and of processor time, rows, and sums that must agree.

    ingest_peer.py NAME FILE...    NAME: polars, duckdb or pyarrow; uses two threads. DuckDB
looks at all rows for types; Polars at the first 10,000, since a look at all of them took it some eighty times as long.
"""
import json
import os
import resource
import sys
import time

os.environ["POLARS_MAX_THREADS"] = "2"
NUMBERS = ["age", "tenure_months", "monthly_charges", "support_calls", "data_gb"]


def read_polars(files):
    import polars
    yield
    table = polars.concat([polars.read_csv(file, infer_schema_length=10000, try_parse_dates=True) for file in files])
    yield table.height, {name: float(table[name].sum()) for name in NUMBERS}


def read_duckdb(files):
    import duckdb
    connection = duckdb.connect(config={"threads": 2})
    yield
    connection.execute("create table t as select * from read_csv(?, sample_size=-1)", [files])
    sums = connection.execute("select count(*), " + ", ".join(f"sum({name})" for name in NUMBERS) + " from t").fetchone()
    yield sums[0], dict(zip(NUMBERS, map(float, sums[1:])))


def read_pyarrow(files):
    import pyarrow
    from pyarrow import compute, csv
    pyarrow.set_cpu_count(2)
    yield
    table = pyarrow.concat_tables([csv.read_csv(file) for file in files])
    yield table.num_rows, {name: float(compute.sum(table[name]).as_py()) for name in NUMBERS}


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


reader = {"polars": read_polars, "duckdb": read_duckdb, "pyarrow": read_pyarrow}[sys.argv[1]](sys.argv[2:])
next(reader)
begin, used = time.monotonic(), processor_seconds()
rows, sums = next(reader)
print(json.dumps({"seconds": time.monotonic() - begin, "cpu_seconds": processor_seconds() - used, "rows": rows, "sums": sums,
                  "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}))
