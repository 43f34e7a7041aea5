#!/usr/bin/env bash
# Runs the suite with its temporary files in memory where there is room: every test database syncs each commit, and the
# disk, not the code, would set the pace. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."

room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1 || echo 0)
if [ -w /dev/shm ] && [ "${room:-0}" -ge 4000000 ]; then
	folder=$(mktemp -d /dev/shm/kes-tests.XXXXXX)
else
	folder=$(mktemp -d)
fi
chmod 755 "$folder" # the database server of the tests runs as another user
trap 'rm -rf "$folder"' EXIT
# The workers and the programs they start import the same modules: compiled once, whatever the shell asks for.
unset PYTHONDONTWRITEBYTECODE
TMPDIR="$folder" .venv/bin/pytest "$@"
