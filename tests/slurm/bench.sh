# A workbench for the tests of the job scripts; each of them sources it with the path of millrace as $1: a folder of its own
# with a cluster of two nodes, a copy of jobs/slurm, generated data and pipeline.yaml. Exits with 77 (skipped) and the reason
# where something is missing. Whatever happens, the cluster ends with the test.
# shellcheck shell=bash
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

for tool in slurmctld slurmd sbatch munged mpirun curl jq; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed (scripts/setup --test)"; exit 77; }
done
millrace=$(realpath "$1")
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
folder=$(mktemp -d)
chmod 755 "$folder"
cd "$folder"

finish() {
  local code=$?
  ((code == 0)) || tail -n 40 ./*.log >&2 || true
  "$here/cluster" down "$folder/slurm" || code=1
  rm -rf "$folder"
  exit "$code"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

SLURM_CONF=$("$here/cluster" up "$folder/slurm")
export SLURM_CONF
cp -r "$here/../../jobs/slurm" jobs
cat >jobs/site.env <<END
export MILLRACE=$millrace
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_btl_vader_single_copy_mechanism=none
END
# Nodes of one name would share their shared memory too.
grep -q 'NodeHostname=node' "$SLURM_CONF" || echo 'export OMPI_MCA_btl=tcp,self' >>jobs/site.env

cat >pipeline.yaml <<'YAML'
name: churn
data: { source: data, target: { column: churned, positive: "Yes" }, drop: [customer_id] }
validation: { expect: [{ column: age, between: [0, 150] }] }
model: { hidden: [8] }
training: { epochs: 2, batch_size: 64 }
evaluation: { gate: false }
YAML

make_day() { # DATE
  "$millrace" datagen --out data --days 1 --rows-per-day 400 --first-day "$1" --seed "${1##*-}" --quiet >/dev/null
}

heading() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }
fail() {
  echo "FAILED: $*" >&2
  squeue >&2
  exit 1
}

# Polls until COMMAND succeeds; the test fails after a minute, or $patience seconds.
wait_until() { # COMMAND...
  local deadline=$((SECONDS + ${patience:-60}))
  until "$@"; do
    ((SECONDS < deadline)) || fail "waited in vain for: $*"
    sleep 0.1
  done
}

submit() { sbatch --parsable "$@"; } # prints the job
job_field() { scontrol --oneliner show job "$1" | sed -n "s/.* $2=\([^ ]*\).*/\1/p"; } # JOB NAME
has_state() { [[ " $2 " == *" $(job_field "$1" JobState) "* ]]; }                      # JOB "STATES"
is_over() { ! has_state "$1" "PENDING CONFIGURING RUNNING COMPLETING SUSPENDED"; }
job_named() { squeue --noheader --states=all --sort=i --name="$1" --format=%i | tail -n 1; } # NAME: the newest one

# The job ends in STATE, and with CODE where one is given.
expect_end() { # JOB STATE [CODE]
  wait_until is_over "$1"
  has_state "$1" "$2" || fail "job $1 ended as $(job_field "$1" JobState), not $2"
  [[ -z "${3:-}" || "$(job_field "$1" ExitCode)" == "$3:0" ]] || fail "job $1 has exit code $(job_field "$1" ExitCode), not $3"
}

# A requeued job waits two minutes, so that nothing of its first start is left on the nodes: they refuse one that comes back
# within the same second. Three seconds do here.
restart_soon() { # JOB
  wait_until has_state "$1" PENDING
  wait_until scontrol update JobId="$1" StartTime=now+3
}

run_field() { jq -r "$2" "$1/runs/latest/run.json"; } # WORKSPACE FILTER
