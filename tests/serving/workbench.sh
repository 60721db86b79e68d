# A workbench for tests of a server under load; each sources it with the paths of millrace and millrace-serve as $1
# and $2: a folder of its own with generated data and a pipeline that has deployed its first version. The servers end with the test.
# shellcheck shell=bash
set -euo pipefail
millrace=$(realpath "$1")
server_program=$(realpath "$2")
folder=$(mktemp -d)
cd "$folder"
finish() {
  local code=$? children
  mapfile -t children < <(jobs -p)
  kill "${children[@]}" 2>/dev/null || true
  wait || true
  rm -rf "$folder"
  exit "$code"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

fail() {
  echo "${0##*/}: $1" >&2
  exit 1
}

"$millrace" datagen --out data --days 1 --rows-per-day 2000 --quiet >/dev/null
cat >pipeline.yaml <<'YAML'
name: churn
data: { source: data, target: { column: churned, positive: "Yes" }, drop: [customer_id, signup_date] }
training: { epochs: 2 }
evaluation: { gate: { metric: auc, not_worse_by: 1 } }
deployment: { endpoint: front }
YAML
run() { OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "$millrace" run pipeline.yaml --quiet "$@" >/dev/null; }
run

# Starts a server of endpoint 'front' in the background; its address is then in FILE, its messages in FILE.log.
serve() { # FILE OPTIONS...
  "$server_program" --workspace workspace --endpoint front --port 0 --address-file "$1" "${@:2}" 2>"$1.log" &
  local server=$!
  for _ in {1..600}; do [[ ! -s "$1" ]] && kill -0 "$server" 2>/dev/null && sleep 0.1; done
  [[ -s "$1" ]] || fail "the server does not listen: $(<"$1.log")"
}
