#!/usr/bin/env python3
"""What Millrace reads is what DuckDB reads, and the same on any number of ranks and threads.

  values.py MILLRACE MPIRUN            files generated here, with random quoting
  values.py MILLRACE MPIRUN --public   the public data sets in the folder MILLRACE_DATA
DuckDB splits the sources into texts and converts them to the types in Millrace's manifest; the rows that Millrace exports
must be equal, row by row. The manifest must be the same, byte for byte, on 1 to 4 ranks with 1 to 3 threads.
Exit 77 (skipped) with the reason where DuckDB or the data is missing.
"""

import gzip
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import environment

environment.enter("DuckDB")

import duckdb  # noqa: E402

MILLRACE, MPIRUN = sys.argv[1:3]
TYPES = {"boolean": "boolean", "integer": "bigint", "real": "double", "date": "date", "timestamp": "timestamp",
         "text": "varchar"}
# What must be said of data, since it is never guessed.
SETTINGS = {"quoted": {"types": {"price": "decimal(18,4)"}}, "airlines": {"encoding": "latin-1"}}
MISSING = "\\missing\\"  # stands for it in what Millrace exports

# name: files, names of the columns where there is no header, texts that mean "missing", blanks cut off, drop
PUBLIC = {
    "telco": (["telco-churn/Telco-Customer-Churn.csv"], None, [" ", ""], False),
    "adult": (["adult/adult.data", "adult/adult.test"], 15, ["?", ""], True),
    "california": (["california-housing/housing.csv"], None, [""], False),
    "hours": (["bike-sharing/hour.csv"], None, [""], False),
    "days": (["bike-sharing/day.csv"], None, [""], False),
    "electricity": (["elec2/electricity.csv"], None, [""], False),
    "airlines": (["airlines/allyears2k_headers.csv.gz"], None, ["NA", ""], False),
    "kddcup": (["kddcup99/kddcup.data_10_percent.gz"], 42, [""], False),
}
GENERATED = {
    "quoted": (["quoted-1.csv", "quoted-2.csv"], None, ["", "NA"], False),
}


def quoted_at_random(random_, text):
    must = any(character in text for character in ',"\r\n')
    return '"' + text.replace('"', '""') + '"' if must or random_.random() < 0.3 else text


def price_at_random(random_):
    """Of decimal(18,4), with or without the zeros at its end, and some that no double holds."""
    digits = str(random_.randrange(10**random_.randrange(1, 15)))
    return random_.choice(["", "-"]) + digits + random_.choice(["", ".5", ".25", ".0001", ".1230"])


def generate(folder, seed):
    """Two files with every type, missing values and texts that hold quotes, delimiters and line ends."""
    random_ = random.Random(seed)
    pieces = ["a", "Zürich", '"', ",", "\n", "\r\n", " ", "''", "x" * 40, "日本", ";"]
    for number, line_end in ((1, "\n"), (2, "\r\n")):
        with open(folder / f"quoted-{number}.csv", "w", newline="", encoding="utf-8") as file:
            file.write("whole,real,price,flag,day,moment,level,text" + line_end)
            for _ in range(3000):
                day = f"20{random_.randrange(10, 30)}-{random_.randrange(1, 13):02}-{random_.randrange(1, 29):02}"
                fields = [str(random_.randrange(-10**12, 10**12)), repr(random_.uniform(-1, 1) * 10**random_.randrange(-300, 300)),
                          price_at_random(random_),
                          random_.choice(["true", "false"]), day,
                          f"{day}T{random_.randrange(24):02}:{random_.randrange(60):02}:{random_.randrange(60):02}",
                          random_.choice(["red", "green", "Blue, dark"]),
                          "t" + "".join(random_.choices(pieces, k=random_.randrange(6)))]
                fields = [random_.choice(["", "NA"]) if random_.random() < 0.05 else field for field in fields]
                file.write(",".join(quoted_at_random(random_, field) for field in fields) + line_end)


def first_line(file):
    with gzip.open(file, "rt", encoding="latin-1") if file.suffix == ".gz" else open(file, encoding="utf-8") as lines:
        return lines.readline().strip().replace('"', "")


def ingest(folder, name, files, columns, missing, trim, ranks, threads):
    """The version's digest and its manifest."""
    workspace = folder / f"{name}-{ranks}-{threads}"
    config = folder / f"{name}-{ranks}-{threads}.yaml"
    target = columns[-1] if columns else first_line(files[0]).split(",")[-1]
    data = {"source": [str(file) for file in files], "missing": missing, "trim": trim, "threads": threads,
            "block_bytes": 65536, "shard_bytes": 1048576, "target": {"column": target}}
    data |= SETTINGS.get(name, {})
    if columns:
        data |= {"header": False, "names": columns}
    config.write_text(json.dumps({"name": name, "workspace": str(workspace), "data": data}))
    done = subprocess.run([MPIRUN, str(ranks), MILLRACE, "ingest", config, "--json", "--quiet"], text=True,
                          capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr
    version = json.loads(done.stdout)["dataset"]["version"]
    return version, json.loads((workspace / "objects" / version[:2] / version[2:]).read_text())


def export(folder, name):
    out = folder / f"{name}-exported.csv"
    subprocess.run([MILLRACE, "data", "export", name, "--workspace", folder / f"{name}-1-1", "--out", out, "--missing",
                    MISSING], check=True, timeout=300)
    return out


def sql_text(text):
    return "'" + text.replace("'", "''") + "'"


def sql_name(name):
    return '"' + name.replace('"', '""') + '"'


def texts_of(files, names, header, encoding="utf-8"):
    """An SQL expression: the files' fields as texts, in order."""
    columns = "{" + ", ".join(f"{sql_text(name)}: 'varchar'" for name in names) + "}"
    options = f"columns={columns}, header={header}, delim=',', quote='\"', escape='\"', auto_detect=false, encoding='{encoding}', nullstr='\\none\\'"
    parts = [f"select * from read_csv({sql_text(str(file))}, {options}, parallel=false)" for file in files]
    return " union all ".join(parts)


def compare(connection, name, files, columns, missing, trim, manifest, exported):
    schema = [(column["name"], TYPES.get(column["type"], column["type"])) for column in manifest["schema"]]
    names = [column for column, _ in schema]

    def converted(column, kind):
        text = f"trim({sql_name(column)}, ' ')" if trim else sql_name(column)
        nulls = ", ".join(map(sql_text, missing))
        return f"cast(case when coalesce({text}, '') in ({nulls}) then null else {text} end as {kind})"

    theirs = ", ".join(f"{converted(*column)} as {sql_name(column[0])}" for column in schema)
    ours = ", ".join(f"cast(nullif({sql_name(column)}, {sql_text(MISSING)}) as {kind}) as {sql_name(column)}"
                     for column, kind in schema)
    encoding = SETTINGS.get(name, {}).get("encoding", "utf-8")
    their_texts = texts_of(files, names, columns is None, encoding)
    connection.execute(f"create or replace table theirs as select {theirs} from ({their_texts})")
    connection.execute(f"create or replace table ours as select {ours} from ({texts_of([exported], names, True)})")
    rows = [connection.execute(f"select count(*) from {side}").fetchone()[0] for side in ("theirs", "ours")]
    expected = sum(shard["rows"] for shard in manifest["shards"])
    assert rows[0] == rows[1] == expected, (name, rows, expected)
    for column, kind in schema:
        wrong = connection.execute(
            f"select t.{sql_name(column)}, o.{sql_name(column)} from theirs t positional join ours o"
            f" where t.{sql_name(column)} is distinct from o.{sql_name(column)} limit 3").fetchall()
        assert not wrong, (name, column, kind, wrong)
    print(f"{name}: {rows[0]} rows, {len(schema)} columns are DuckDB's", flush=True)


def check(connection, folder, base, name, sources, width, missing, trim):
    files = [base / source for source in sources]
    columns = [f"c{i}" for i in range(width)] if width else None
    version, manifest = ingest(folder, name, files, columns, missing, trim, 1, 1)
    compare(connection, name, files, columns, missing, trim, manifest, export(folder, name))
    for ranks in range(1, 5):
        for threads in range(1, 4):
            if (ranks, threads) != (1, 1):
                other, _ = ingest(folder, name, files, columns, missing, trim, ranks, threads)
                assert other == version, (name, ranks, threads)
    print(f"{name}: the same version on 1 to 4 ranks with 1 to 3 threads", flush=True)
    return manifest


def main():
    public = "--public" in sys.argv
    data = os.environ.get("MILLRACE_DATA")
    if public and not data:
        print("skipped: MILLRACE_DATA does not name the folder with the public data sets")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        connection = duckdb.connect(config={"threads": 1, "preserve_insertion_order": "true"})
        if not public:
            generate(folder, seed=1)
        for set_name, entry in (PUBLIC if public else GENERATED).items():
            manifest = check(connection, folder, pathlib.Path(data) if public else folder, set_name, *entry)
            assert public or {column["type"] for column in manifest["schema"]} == {*TYPES, "decimal(18,4)"}, manifest["schema"]


main()
