#!/bin/sh
# Install what hedui needs and is not here yet. Usage: setup.sh run|test
#
# Debian packages come from the machine's own package manager, Python packages from the
# hash-locked requirements file. Running it again when nothing is missing takes a second.
set -eu
cd "$(dirname "$0")"

purpose=${1:-run}
packages="fontconfig tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-eng tesseract-ocr-rus
fonts-noto-cjk fonts-wqy-zenhei fonts-wqy-microhei fonts-arphic-ukai fonts-arphic-uming
fonts-hanazono fonts-babelstone-han fonts-dejavu-core fonts-liberation"
lock=requirements.lock
if [ "$purpose" = test ]; then
    packages="$packages postgresql chromium"
    lock=requirements-dev.lock
fi

find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

python=$(find_python)
if [ -z "$python" ]; then
    packages="$packages python3 python3-venv"
elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    packages="$packages python3-venv"
fi

missing=""
for package in $packages; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" -eq 0 ]; then
        echo "Installing Debian packages:$missing"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        # shellcheck disable=SC2086 # one word per package
        apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        echo "These Debian packages are missing:$missing" >&2
        echo "Install them, then run the same command again:" >&2
        echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing" >&2
        exit 2
    fi
fi

python=$(find_python)
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed; this system's python3 is older." >&2
    exit 2
fi
wanted="$("$python" -V) $(cat "$lock" pyproject.toml | sha256sum)"
stamp=.venv/hedui-installed
# The development environment contains the other one: do not shrink it for a run.
if [ "$purpose" = run ] && [ -f .venv/hedui-installed-test ]; then
    stamp=.venv/hedui-installed-test
    wanted="$("$python" -V) $(cat requirements-dev.lock pyproject.toml | sha256sum)"
    lock=requirements-dev.lock
elif [ "$purpose" = test ]; then
    stamp=.venv/hedui-installed-test
fi
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "Installing Python packages into .venv (some minutes the first time)"
    # Another Python needs a fresh environment; the same one is brought up to date in place.
    [ "$(.venv/bin/python -V 2>/dev/null)" = "$("$python" -V)" ] || rm -rf .venv
    "$python" -m venv .venv
    # The lock file is the whole tree: there is nothing to resolve.
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --no-deps --require-hashes -r "$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --no-deps --no-build-isolation --editable .
    .venv/bin/python -m pip check --disable-pip-version-check >/dev/null
    printf '%s\n' "$wanted" >"$stamp"
fi
