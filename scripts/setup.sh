#!/usr/bin/env bash
# Installs what the program needs on Debian or Ubuntu, and only what is missing. Can be run any number of times.
#
#   scripts/setup.sh run     what building and running need (default)
#   scripts/setup.sh test    the same, and what the tests need
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-run}
case $mode in run | test) ;; *)
    echo "usage: scripts/setup.sh [run|test]" >&2
    exit 2
    ;;
esac

build_packages=(libsqlite3-dev libpq-dev libssl-dev libxml2-dev zlib1g-dev pkg-config lld)
# Programs that read PDF for us, apart from ours.
run_packages=(qpdf poppler-utils poppler-data zbar-tools util-linux)
test_packages=(postgresql hledger beancount ledger python3-venv chromium fonts-noto-cjk curl)

wanted=("${build_packages[@]}" "${run_packages[@]}")
[[ $mode == test ]] && wanted+=("${test_packages[@]}")
# pip fetches the web assets; where Python has none, a virtual environment brings it.
if ! python3 -m pip --version >/dev/null 2>&1 && ! python3 -c 'import ensurepip' >/dev/null 2>&1; then
    wanted+=(python3-venv)
fi

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

install_packages() {
    local missing=() package
    if ! command -v dpkg-query >/dev/null; then
        echo "setup: this is not Debian or Ubuntu; install what corresponds to: $*" >&2
        return
    fi
    for package in "$@"; do is_installed "$package" || missing+=("$package"); done
    ((${#missing[@]})) || return 0
    echo "setup: installing ${missing[*]}"
    local as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || {
            echo "setup: run as root, or have root run: apt-get install ${missing[*]}" >&2
            exit 1
        }
        as_root=(sudo)
    fi
    # A mirror that answers badly once usually answers well the next time.
    local try
    for try in 1 2 3; do
        "${as_root[@]}" apt-get -qq update \
            && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null \
            && return 0
        sleep "$try"
    done
    echo "setup: apt-get could not install ${missing[*]}" >&2
    exit 1
}

check_swift() {
    if ! command -v swift >/dev/null; then
        echo "setup: there is no Swift; install 6.2 or newer from swift.org and put it on PATH" >&2
        exit 1
    fi
}

venv=.build-tools/venv

make_venv() {
    [[ -x $venv/bin/python ]] && return 0
    python3 -m venv "$venv"
}

python_with_pip() {
    if python3 -m pip --version >/dev/null 2>&1; then
        echo python3
    else
        make_venv >&2
        echo "$venv/bin/python"
    fi
}

# Web assets: name in assets/vendor, path in the package, SHA-256.
assets_package=django-htmx==1.29.0
assets=(
    "htmx-2.min.js django_htmx/static/django_htmx/htmx-2.min.js 71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de"
    "hx-sse-2.min.js django_htmx/static/django_htmx/ext/hx-sse-2.min.js 98a46496de0c3605fbffdce9167ba427bdd9553184f83f149c261891a92c0136"
)

has_sum() { [[ -f $1 ]] && echo "$2  $1" | sha256sum --check --status -; }

fetch_assets() {
    local entry name path sum complete=yes
    for entry in "${assets[@]}"; do
        read -r name path sum <<<"$entry"
        has_sum "assets/vendor/$name" "$sum" || complete=no
    done
    [[ $complete == yes ]] && return 0
    echo "setup: fetching the web assets"
    local folder python
    folder=$(mktemp -d)
    python=$(python_with_pip)
    "$python" -m pip --disable-pip-version-check download -q --no-deps -d "$folder" "$assets_package"
    "$python" -m zipfile -e "$folder"/*.whl "$folder/unpacked"
    mkdir -p assets/vendor
    for entry in "${assets[@]}"; do
        read -r name path sum <<<"$entry"
        if ! has_sum "$folder/unpacked/$path" "$sum"; then
            echo "setup: $name from $assets_package is not the file that was reviewed" >&2
            exit 1
        fi
        install -m 644 "$folder/unpacked/$path" "assets/vendor/$name"
    done
    cat >assets/vendor/NOTICE.txt <<'NOTICE'
htmx-2.min.js     htmx 2.0 (https://htmx.org), Zero-Clause BSD
hx-sse-2.min.js   its extension for server-sent events, Zero-Clause BSD
NOTICE
    rm -rf "$folder"
}

install_test_tools() {
    make_venv
    local stamp=$venv/requirements.sha256
    if ! sha256sum --check --status "$stamp" 2>/dev/null; then
        echo "setup: installing the Python tools of the tests"
        "$venv/bin/python" -m pip --disable-pip-version-check install -q -r scripts/test-requirements.txt
        sha256sum scripts/test-requirements.txt >"$stamp"
    fi
}

install_packages "${wanted[@]}"
check_swift
fetch_assets
[[ $mode == test ]] && install_test_tools
exit 0
