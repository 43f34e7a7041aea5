#!/usr/bin/env bash
# Builds .venv from the locked requirements, or brings it up to date. Run by `make setup` from the project's folder.
# PYTHON chooses the interpreter (3.11 or newer).
set -euo pipefail

usable() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# One that was broken off while it was made has no pip; one of an older Python is of no use.
if ! .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    chosen=
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3 python; do
        if usable "$candidate"; then
            chosen=$candidate
            break
        fi
    done
    if [ -z "$chosen" ]; then
        echo "Python 3.11 or newer with the venv module is needed; name one with PYTHON=/path/to/python3.11" >&2
        exit 1
    fi
    echo "Setting up .venv with $("$chosen" --version)"
    rm -rf .venv
    "$chosen" -m venv .venv
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
.venv/bin/python -m pip install -qq --require-hashes -r requirements/dev.txt
.venv/bin/python -m pip install -qq --no-deps --no-build-isolation --editable .
touch .venv/.ready
