"""Running the built executable from a benchmark."""
import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXECUTABLE = ROOT / "build/release/bin/millrace"


def environment():
    values = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    values.setdefault("OMPI_MCA_btl_vader_single_copy_mechanism", "none")
    return values


def command(arguments, ranks=None):
    """The words of `millrace ARGUMENTS` on `ranks` ranks (all cores up to 4 unless given)."""
    ranks = ranks or min(os.cpu_count() or 1, 4)
    launcher = ["mpirun", "-q", "-n", str(ranks), "--oversubscribe", "--bind-to", "none"] if ranks > 1 else []
    return [*launcher, str(EXECUTABLE), *map(str, arguments)]


def run(arguments, ranks=None, check=True):
    """Standard output of `millrace ARGUMENTS`, on `ranks` ranks."""
    done = subprocess.run(command(arguments, ranks), capture_output=True, text=True, env=environment(), cwd=ROOT)
    if check and done.returncode != 0:
        raise SystemExit(f"millrace {' '.join(map(str, arguments))} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def run_json(arguments, ranks=None):
    return json.loads(run([*arguments, "--json", "--quiet"], ranks))


def failure(arguments):
    """What one process of `millrace ARGUMENTS` wrote on standard error, where it failed; else None."""
    done = subprocess.run([str(EXECUTABLE), *map(str, arguments)], capture_output=True, text=True, env=environment(),
                          cwd=ROOT)
    return None if done.returncode == 0 else done.stderr


def data_folder():
    """Of the public data sets."""
    return Path(os.environ.get("MILLRACE_DATA", ROOT.parent / "shared/data"))
