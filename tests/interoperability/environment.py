"""The Python environment of the tests, with other people's programs in it: scripts/setup --test installs it."""

import os
import pathlib
import sys

PYTHON = pathlib.Path(__file__).resolve().parents[2] / ".venv/tests/bin/python"


def enter(package: str):
    """Goes on in it; exit 77 (skipped) with the reason where it is not there."""
    if pathlib.Path(sys.prefix) == PYTHON.parents[1]:
        return
    if not PYTHON.exists():
        print(f"skipped: {package} is not installed (scripts/setup --test)")
        sys.exit(77)
    os.execv(PYTHON, [str(PYTHON), *sys.argv])
