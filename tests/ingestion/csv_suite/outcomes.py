"""The table outcomes.tsv of hostile CSV files: compares it with Python's own CSV reader, and shows it in the docs.

    outcomes.py check FOLDER    what the table says of each file under FOLDER/csv-suite (or under that of MILLRACE_DATA,
                                where it is set) against what Python's csv module finds
    outcomes.py docs            prints docs/csv-suite.md
"""
import collections
import csv
import gzip
import hashlib
import io
import json
import os
import sys

SKIPPED = 77  # what ctest takes for it
HERE = os.path.dirname(os.path.abspath(__file__))
COLUMNS = ["file", "delimiter", "quote", "header", "outcome", "rows", "columns", "rejects", "digest", "words"]
DOCUMENT = os.path.join(HERE, "../../../docs/csv-suite.md")
# Python goes on at the next line after a bad quote, Millrace behind the record, which ends in another line here.
OTHERWISE = {"duckdb/afl/3977/case_41.csv"}
csv.field_size_limit(1 << 30)

INTRODUCTION = """# Hostile CSV files

%d files from the tests of other projects (csv-spectrum, rvl, tabulator, messytables, DuckDB), and what Millrace makes of
each: %d are read, %d of them without a rejected record, and %d are refused with the exit code and message shown. The
outcome is the same at 1 and 3 ranks, for files taken whole and cut into shards; rows, rejects by kind and a digest of all
values are those of Python's own reader. What is checked is `tests/ingestion/csv_suite/outcomes.tsv`, from which
`outcomes.py docs` beside it makes this page.

Settings are the defaults of `data` but for those named, and for `max_rejected_share: 1`: by default a rejected record in a
file of fewer than 1,000 stops the run (exit code 3). Without a header, `data.names` are `c1`, `c2`, ….

Read as they stand, without a guess, are: comment lines (without `data.comment`) and lines above a header (records like any
other, mostly rejected for their number of fields), values with decimal commas or thousands separators, and words such as
`NULL` or `\\N` (texts, unless `data.missing` names them). Without `data.escape`, backslashes escape nothing; a file that
relies on them mostly has its records rejected (`quote`, `missing_columns`), but `"a\\""` is a sound value with a doubled quote to
RFC 4180, and goes on behind it.
"""


def table():
    with open(os.path.join(HERE, "outcomes.tsv"), encoding="utf-8", newline="\n") as file:
        next(file)
        return [dict(zip(COLUMNS, line.rstrip("\n").split("\t"))) for line in file]


def text_of(path):
    """Bytes that are no UTF-8 become surrogates, which no UTF-8 text holds."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    return data.decode("utf-8", errors="surrogateescape")


def byte_of(name):
    return {"tab": "\t"}.get(name) or (chr(int(name, 16)) if name.startswith("0x") else name)


def records(text, case):
    """Lists of fields; None for a record with text behind a closing quote. Raises csv.Error for a quote left open."""
    quoting = {"quoting": csv.QUOTE_NONE} if case["quote"] == "none" else {"quotechar": case["quote"]}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=byte_of(case["delimiter"]), strict=True, **quoting)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "expected after" not in str(error):
                raise
            yield None
            continue
        if row:
            yield row


def fault(row, width):
    if row is None:
        return "quote"
    if any("\0" in field for field in row):
        return "nul"
    if len(row) != width:
        return "missing_columns" if len(row) < width else "too_many_columns"
    if any("\udc80" <= c <= "\udcff" for field in row for c in field):
        return "encoding"
    return None


def read(path, case):
    """[rows, columns, rejects, digest] as the table writes them; a string where there is nothing to read."""
    rows = records(text_of(path), case)
    first = next(rows, None)
    if first is None:
        return "empty"
    if case["header"] == "yes":
        names = first
    else:
        names = ["c%d" % (i + 1) for i in range(len(first))]
        rows = records(text_of(path), case)
    digest, kept, rejects = hashlib.sha256(), 0, collections.Counter()
    add = lambda values: digest.update(
        b"".join(b"%d:%s" % (len(v), v) for v in (value.encode(errors="surrogateescape") for value in values)) + b"\n")
    add(names)
    for row in rows:
        problem = fault(row, len(names))
        rejects[problem] += 1
        if problem is None:
            kept += 1
            add(row)
    del rejects[None]
    counts = ", ".join("%s %d" % item for item in sorted(rejects.items()))
    return [str(kept), str(len(names)), counts, digest.hexdigest()[:16]]


def objects(path, case):
    """The rows as csv-spectrum's JSON has them: names to texts."""
    rows = list(records(text_of(path), case))
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def as_expected_by_csv_spectrum(folder, case):
    name = os.path.basename(case["file"])[:-len(".csv")]
    with open(os.path.join(folder, "csv-spectrum/json", name + ".json"), encoding="utf-8") as file:
        expected = json.load(file)
    expected = expected if isinstance(expected, list) else [expected]
    if name == "location_coordinates":  # its JSON has another number than its CSV
        expected[0]["Contact Phone Number"] = "2095257564"
    return objects(os.path.join(folder, case["file"]), case) == expected


def difference(folder, case):
    """What speaks against the table's outcome; "" where Python's reader finds the same."""
    path = os.path.join(folder, case["file"])
    try:
        found = read(path, case)
    except csv.Error as error:
        found = str(error)
    never_closed = "unexpected end of data" in found
    if case["outcome"] != "read":
        return "" if never_closed or "never closed" not in case["words"] else "no quote stays open"
    if case["file"].startswith("csv-spectrum/") and not as_expected_by_csv_spectrum(folder, case):
        return "not what the suite's JSON has"
    expected = [case[name] for name in ("rows", "columns", "rejects", "digest")]
    if found == expected or case["file"] in OTHERWISE:
        return ""
    return "%s, but Python finds %s" % (expected, found)


def check(folder):
    if not os.path.isdir(folder):
        print("skipped: there is no", folder)
        return SKIPPED
    cases = table()
    differences = [(case["file"], difference(folder, case)) for case in cases]
    failures = ["%s: %s" % pair for pair in differences if pair[1]]
    with open(DOCUMENT, encoding="utf-8") as file:
        if file.read() != document(cases):
            failures.append("docs/csv-suite.md is not what `outcomes.py docs` prints")
    print("\n".join(failures + ["%d files, %d differences" % (len(cases), len(failures))]))
    return 1 if failures else 0


def settings(case):
    parts = []
    if case["delimiter"] != ",":
        parts.append("delimiter " + code({"tab": "\\t"}.get(case["delimiter"], case["delimiter"])))
    if case["quote"] != '"':
        parts.append("quote " + code(case["quote"]))
    if case["header"] == "no":
        parts.append("no header")
    return ", ".join(parts)


def code(text):
    return "`%s`" % text.replace("|", "\\|")


def outcome(case):
    if case["outcome"] != "read":
        words = case["words"].replace("|", "\\|").replace("`", "'").replace("<", "&lt;")
        return "%s: %s" % (case["outcome"], words)
    rejects = "; rejected: " + case["rejects"] if case["rejects"] else ""
    return "%s rows × %s columns%s" % (case["rows"], case["columns"], rejects)


def document(cases):
    read_files = [case for case in cases if case["outcome"] == "read"]
    lines = [
        INTRODUCTION % (len(cases), len(read_files), sum(not case["rejects"] for case in read_files),
                        len(cases) - len(read_files)),
        "| file | settings | outcome |", "|---|---|---|"]
    lines += ["| %s | %s | %s |" % (code(case["file"]), settings(case), outcome(case)) for case in cases]
    return "\n".join(lines) + "\n"


def main():
    if sys.argv[1:] == ["docs"]:
        sys.stdout.write(document(table()))
        return 0
    if len(sys.argv) == 3 and sys.argv[1] == "check":
        return check(os.path.join(os.environ.get("MILLRACE_DATA", sys.argv[2]), "csv-suite"))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
