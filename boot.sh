#!/bin/sh
# Sets Flasky up and serves it, or passes a command to `flask`:
#
#   ./boot.sh                   set up if need be, then serve: web server and worker together
#   ./boot.sh test --coverage   any command of `flask`, here its tests
#   ./boot.sh --help            the list of commands
#
# What it takes from the environment, or from .env:
#   PORT, HOST       where to listen; 5000 and 127.0.0.1
#   FLASKY_WORKER    "no" serves without the worker, for a site where it runs elsewhere
#   FLASKY_PATIENCE  for how many seconds to wait for the database; 60
# and from the environment only:
#   PYTHON           the Python to make venv/ with; otherwise the first of 3.11 or newer is taken
# HUP, when it was not started from a terminal, makes it take up new code without a pause.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
cd -- "$here"
# An empty HOME would make pip and others write to the root directory.
[ -n "${HOME:-}" ] || unset HOME
# The application reads .env itself, and strictly; the flask command would only warn.
export FLASK_APP=flasky.py FLASK_SKIP_DOTENV=1

# When a command runs, standard output belongs to its answer; a server has one log.
[ $# -gt 0 ] || exec 2>&1
say() { printf '%s\n' "$*" >&2; }
fail() { printf 'boot.sh: %s\n' "$*" >&2; exit 1; }

# --- A Python with everything in it --------------------------------------------------------

is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

is_equipped() {
    "$1" -c 'import importlib.util as i, sys
sys.exit(not all(map(i.find_spec, ("flask", "flask_sqlalchemy", "dotenv", "gunicorn"))))' \
        >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_recent "$PYTHON" || fail "PYTHON=$PYTHON is not a Python 3.11 or newer."
        printf '%s\n' "$PYTHON"
        return
    fi
    for candidate in python3.11 python3 python3.12 python3.13 python3.14 python; do
        if is_recent "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    found=$(python3 --version 2>/dev/null || :)
    fail "Flasky needs Python 3.11 or newer (found: ${found:-none}). Install one, or name it:" \
        "PYTHON=/path/to/python3.11 ./boot.sh"
}

# choose_python NAME: sets $python to one that has the packages of requirements/NAME.txt.
# A container, and whoever has activated an environment of their own that holds the packages,
# keep what they have; for everybody else there is venv/ in the project.
choose_python() {
    if [ "${FLASK_CONFIG:-}" = docker ]; then
        python=python3
        is_equipped "$python" || fail "FLASK_CONFIG=docker, but the packages are not installed."
    elif [ "${VIRTUAL_ENV:-$here/venv}" != "$here/venv" ] &&
        is_equipped "$VIRTUAL_ENV/bin/python"; then
        python=$VIRTUAL_ENV/bin/python
    else
        python=$here/venv/bin/python
        is_recent "$python" || make_environment
        install "$1"
    fi
}

# Drivers that are installed are loaded, needed or not: 16 MB in every process.
needs_drivers() {
    if [ -n "${SENTRY_DSN:-}" ] || grep -qs '^ *SENTRY_DSN=.' .env; then
        return 0
    fi
    { printf '%s\n' "${DATABASE_URL:-}" "${DEV_DATABASE_URL:-}" "${REDIS_URL:-}" \
        "${FLASKY_QUEUE_URL:-}" "${RATELIMIT_STORAGE_URI:-}" \
        "FLASKY_S3_BUCKET=${FLASKY_S3_BUCKET:-}"
        cat .env 2>/dev/null || :; } |
        grep -Eq '^[^#]*(postgres|postgresql|mysql|redis|rediss)(\+[a-z]+)?://|^FLASKY_S3_BUCKET=.'
}

make_environment() {
    base=$(find_python) || exit 1
    "$base" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        fail "this Python has no venv module. On Debian and Ubuntu: apt-get install python3-venv"
    say "Making the virtual environment venv/ ..."
    problem=$("$base" -m venv --clear venv 2>&1) ||
        fail "cannot make venv/: $(last_line "$problem")"
}

# install NAME: what requirements/NAME.txt lists, unless that is what venv/ was filled with.
install() {
    stamp=$(cat requirements/*.txt | cksum)
    case $1 in # dev.txt includes prod.txt, which includes common.txt
        common) enough="common prod dev" ;;
        prod) enough="prod dev" ;;
        *) enough=$1 ;;
    esac
    for name in $enough; do
        if [ "$(cat "venv/.installed-$name" 2>/dev/null)" = "$stamp" ]; then
            return
        fi
    done
    say "Installing the packages of requirements/$1.txt ..."
    problem=$("$python" -m pip install --quiet --disable-pip-version-check \
        --requirement "requirements/$1.txt" 2>&1) ||
        fail "cannot install the packages; is the network up? $(last_line "$problem")"
    printf '%s\n' "$stamp" >"venv/.installed-$1"
}

last_line() { printf '%s\n' "$1" | sed '/^[[:space:]]*$/d' | tail -n 1; }

# --- The first run -------------------------------------------------------------------------

# A site that is configured by its environment (a container, a platform) needs no file.
write_settings() {
    if [ -e .env ] || [ -n "${SECRET_KEY:-}${FLASK_CONFIG:-}" ]; then
        return
    fi
    key=$("$python" -c 'import secrets; print(secrets.token_urlsafe(48))')
    draft=.env.$$
    (umask 077 && settings "$key" "${PORT:-5000}" >"$draft") 2>/dev/null ||
        fail "cannot write $here/.env"
    mv -- "$draft" .env
    say "Wrote .env with a fresh secret key. Its lines say what they are for."
}

settings() {
    cat <<EOF
# The settings of this site, written by boot.sh on its first run. Only you can read this file,
# and it belongs in no repository. .env.example lists every other setting.

# Signs cookies and the links in mails. Whoever knows it can be anyone here.
# A new one ends all sessions: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'
SECRET_KEY=$1

# For real people: no debugger, and no start with unsafe settings.
FLASK_CONFIG=production

# Where people reach the site; links in mails begin with it. Plain http is only for this
# machine. Behind a proxy with a certificate: https://blog.example.org
FLASKY_BASE_URL=http://localhost:$2

# The address that becomes administrator when its owner confirms it.
#FLASKY_ADMIN=you@example.org

# The server that sends the mails. Without one they are written to the log.
#MAIL_SERVER=smtp.example.org
#MAIL_PORT=587
#MAIL_USE_TLS=true
#MAIL_USERNAME=
#MAIL_PASSWORD=
EOF
}

# --- Serving -------------------------------------------------------------------------------

# 75 is what `flask deploy` ends with when it cannot reach the database (EX_TEMPFAIL); such
# trouble may pass. Any other failure will be the same in five seconds.
deploy() {
    waited=0
    patience=${FLASKY_PATIENCE:-60}
    while :; do
        status=0
        "$python" -m flask deploy || status=$?
        case $status in
            0) return ;;
            75) ;;
            *) fail "flask deploy failed (status $status); what it said stands above." ;;
        esac
        [ "$waited" -lt "$patience" ] ||
            fail "the database could not be reached for $patience seconds; see DATABASE_URL."
        say "Deploy command failed, retrying in 5 secs..."
        pause 5
        waited=$((waited + 5))
    done
}

# A signal ends `wait` at once, where it would leave `sleep` in the foreground to its end.
pause() {
    sleep "$1" &
    wait $! || :
}

is_alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

# Asks both to end and waits; gunicorn lets requests under way finish, for up to 30 seconds.
end_both() {
    kill -TERM "$web" 2>/dev/null || :
    [ -z "$worker" ] || kill -TERM "$worker" 2>/dev/null || :
    left=40
    while is_alive "$web" || is_alive "$worker"; do
        if [ "$left" -eq 0 ]; then
            kill -KILL "$web" 2>/dev/null || :
            [ -z "$worker" ] || kill -KILL "$worker" 2>/dev/null || :
        fi
        pause 1
        left=$((left - 1))
    done
}

start_worker() {
    worker=
    if [ "${FLASKY_WORKER:-yes}" != no ]; then
        "$python" -m flask worker &
        worker=$!
    fi
}

# Takes up new code: gunicorn replaces its workers one by one and drops no request, and another
# worker starts when this one has finished the job that it is at. Settings need a new start.
reload() {
    asked_to_reload=no
    say "Reloading ..."
    kill -HUP "$web" 2>/dev/null || :
    [ -n "$worker" ] || return 0
    kill -TERM "$worker" 2>/dev/null || :
    left=40
    while is_alive "$worker"; do
        [ "$left" -gt 0 ] || kill -KILL "$worker" 2>/dev/null || :
        pause 1
        left=$((left - 1))
    done
    [ "$asked_to_stop" = yes ] || start_worker
}

serve() {
    assignments=$("$python" -m deploy.preflight) || exit 1
    eval "$assignments"
    deploy

    asked_to_stop=no
    asked_to_reload=no
    trap 'asked_to_stop=yes' INT TERM
    # A terminal says HUP when it is closed; anybody else means that there is new code.
    if [ -t 0 ]; then trap 'asked_to_stop=yes' HUP; else trap 'asked_to_reload=yes' HUP; fi
    "$python" -m gunicorn --config deploy/gunicorn.conf.py flasky:app &
    web=$!
    start_worker
    # shellcheck disable=SC2154 # site comes from the preflight
    cat <<EOF

Flasky is at $site - Ctrl-C stops it.
To become administrator: register there, open the link in the confirmation mail (without a
mail server it is written below), then run: ./boot.sh users role YOUR-ADDRESS Administrator

EOF
    ended=
    while [ "$asked_to_stop" = no ] && [ -z "$ended" ]; do
        pause 1
        [ "$asked_to_reload" = no ] || reload
        is_alive "$web" || ended="web server"
        [ -z "$worker" ] || is_alive "$worker" || ended=worker
    done
    end_both
    [ -z "$ended" ] || [ "$asked_to_stop" = yes ] ||
        fail "the $ended ended by itself; what it said stands above."
}

# --- The way through -----------------------------------------------------------------------

if [ "${1:-}" = benchmark ]; then
    choose_python dev
    shift
    exec "$python" -m benchmarks "$@"
fi
if [ "${1:-}" = test ]; then
    choose_python dev
    export FLASK_CONFIG=testing
else
    if [ "${1:-}" = db-move ] || needs_drivers; then choose_python prod; else choose_python common; fi
    write_settings
fi
if [ $# -gt 0 ]; then
    exec "$python" -m flask "$@"
fi
serve
