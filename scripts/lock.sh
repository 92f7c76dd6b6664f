#!/usr/bin/env bash
# Writes requirements.lock and requirements-dev.lock from pyproject.toml: pinned, with the hashes
# of every platform's files, valid for Python 3.11 and later, without any index address.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    python3 -m venv .venv-lock
    .venv-lock/bin/pip install --quiet uv
    uv=.venv-lock/bin/uv
fi

compile() {
    "$uv" pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
        --no-config --no-emit-index-url --no-header --no-annotate --quiet "$@"
}

compile --output-file requirements.lock
compile --group dev --constraint requirements.lock --output-file requirements-dev.lock
if grep -nE '://|file:|^-' requirements.lock requirements-dev.lock; then
    echo "A lock file names an address or a local path." >&2
    exit 1
fi
echo "requirements.lock and requirements-dev.lock are up to date."
