# What the job scripts have in common. Each of them sets MILLRACE_JOBS to this folder and sources this file.
#
# Settings (environment, or site.env beside this file):
#   MILLRACE           the executable          (default: this clone's release build, else the one in PATH)
#   MILLRACE_LAUNCHER  mpirun or srun          (default: mpirun)
# shellcheck shell=bash
# shellcheck source=/dev/null
[[ ! -e "$MILLRACE_JOBS/site.env" ]] || . "$MILLRACE_JOBS/site.env" # before -eu: modules do not expect it
set -euo pipefail

if [[ -z "${MILLRACE:-}" ]]; then
  MILLRACE=$MILLRACE_JOBS/../../build/release/bin/millrace
  [[ -x "$MILLRACE" ]] || MILLRACE=millrace
fi
export MILLRACE MILLRACE_JOBS MILLRACE_LAUNCHER=${MILLRACE_LAUNCHER:-mpirun}

fail() { # CODE MESSAGE
  echo "$SLURM_JOB_NAME: error: $2" >&2
  exit "$1"
}

# Runs `millrace ARGUMENTS` on all of the job's ranks and returns its exit code. SIGUSR1 (the time limit is near) and
# SIGTERM (preempted, cancelled) go on to the ranks, which save and end with code 75.
run_ranks() {
  local ranks=""
  local -a launch
  case $MILLRACE_LAUNCHER in
    mpirun) launch=(mpirun --bind-to none) ;; # to the job's cores: Slurm sees to that
    srun) launch=(srun --mpi=pmix --kill-on-bad-exit=1 --cpus-per-task="${SLURM_CPUS_PER_TASK:-1}") ;;
    *) fail 2 "MILLRACE_LAUNCHER is '$MILLRACE_LAUNCHER'; it may be mpirun or srun" ;;
  esac
  trap 'tell_ranks_to_stop' USR1 TERM
  "${launch[@]}" "$MILLRACE" "$@" &
  ranks=$!
  while kill -0 "$ranks" 2>/dev/null; do wait "$ranks" || true; done # a signal ends a wait early
  trap - USR1 TERM
  wait "$ranks"
}

# Always SIGUSR1: at a SIGTERM mpirun would give the ranks a second, then kill them.
tell_ranks_to_stop() {
  echo "told to stop: the ranks save a checkpoint"
  kill -USR1 "$ranks" || true # they may just have ended
}

# sbatch as from a login shell: variables of this job's allocation would bind the next one's. Prints the job's id.
submit() (
  for name in "${!SLURM_@}"; do [[ "$name" == SLURM_CONF ]] || unset "$name"; done
  exec sbatch --parsable "$@"
)

# Options that put a follow-on job where this one is.
same_queue() {
  echo "--partition=$SLURM_JOB_PARTITION"
  [[ -z "${SLURM_JOB_ACCOUNT:-}" ]] || echo "--account=$SLURM_JOB_ACCOUNT"
  [[ -z "${SLURM_JOB_QOS:-}" ]] || echo "--qos=$SLURM_JOB_QOS"
}

# As run_ranks. Stopped with a checkpoint: back into the queue, to go on from there.
run_requeued() { # ARGUMENTS...
  local code=0
  run_ranks "$@" || code=$?
  case $code in
    0) ;;
    75) requeue ;;
    *) ! was_preempted || requeue ;; # whatever mpirun says that has lost its daemons on other nodes to the SIGTERM
  esac
  return "$code"
}

# The pipeline up to its artifact; then the deployment as a job of its own, which Slurm starts only if this one succeeds.
# Returns millrace's exit code.
run_pipeline() { # CONFIG [OPTIONS...]
  local code=0
  run_requeued package "$@" || code=$?
  ((code != 0)) || submit_deployment "$@"
  return "$code"
}

submit_deployment() {
  local queue job
  mapfile -t queue < <(same_queue)
  job=$(submit "${queue[@]}" --dependency="afterok:$SLURM_JOB_ID" --kill-on-invalid-dep=yes \
    "$MILLRACE_JOBS/deploy.sbatch" "$@" --run "job:$SLURM_JOB_ID") ||
    fail 6 "the deployment cannot be submitted; by hand: sbatch deploy.sbatch $* --run job:$SLURM_JOB_ID"
  echo "deployment: job $job"
}

# Slurm has told the job to make way, and grants it some time to do so.
was_preempted() { [[ "$(scontrol show job "$SLURM_JOB_ID")" == *" PreemptTime=2"* ]]; }

# Only while the job is running: one that Slurm is ending already was cancelled, or is being requeued anyway.
requeue() {
  [[ "$(squeue --noheader --jobs="$SLURM_JOB_ID" --format=%T)" == RUNNING ]] || return 0
  echo "back into the queue"
  scontrol requeue "$SLURM_JOB_ID" || fail 75 "this job cannot be requeued; submit it again: it goes on from its checkpoint"
  sleep 600 & # Slurm ends this script meanwhile
  wait
}
