"""How gunicorn serves Flasky: `gunicorn --config deploy/gunicorn.conf.py flasky:app`.

Every number can be set from the environment where machines differ; the rest is the same
everywhere. https://gunicorn.org/reference/settings/ explains each name.
"""

import ctypes
import gc
import glob
import os
import re
import shutil
import sys
import tempfile
from urllib.parse import quote, unquote

from gunicorn.glogging import Logger

M_MMAP_THRESHOLD = -3  # of malloc.h
FIGURES = "flasky-figures-"  # how the folders begin that hold what the workers count


def _number(name, default):
    value = os.environ.get(name) or default
    try:
        return int(value)
    except ValueError:
        sys.exit(f"{name}={value} is not a number.")


def _bind():
    host = os.environ.get("HOST") or "127.0.0.1"
    port = _number("PORT", 5000)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


# --- Where, and how many -------------------------------------------------------------------

bind = _bind()
workers = _number("WEB_CONCURRENCY", 2)
# With threads, because those who send slowly hold one each; two of them, because more do no more
# work, but get into each other's way: with four, the slowest of a hundred requests took 3 to 6
# times the median, instead of 2 to 3 times. By its name: where deploy/ lies is not known before
# gunicorn has read this file.
worker_class = "deploy.worker.PatientWorker"
threads = _number("WEB_THREADS", 2)
# Each worker imports the application itself. It costs a second at the start; in return HUP
# takes up new code without dropping a request, and no open file or connection crosses a fork.
preload_app = False

# --- How long ------------------------------------------------------------------------------

timeout = 30  # a worker that shows no sign of life for so long is replaced
graceful_timeout = 30  # requests under way may finish when a worker is told to end
keepalive = 5
# The sign of life is a file; in memory it never waits for a disk.
worker_tmp_dir = next(filter(os.path.isdir, ["/dev/shm"]), None)  # noqa: S108
# A leak never grows for long; the jitter keeps the workers from leaving at the same moment. A
# worker that leaves answers nobody new while its connections run out, its heir takes a second of
# a core to start, and who keeps a connection stays with the other: with 5,000 requests that halved
# what a busy site could do, with 100,000 it still did so now and then. A worker that held 98.2 MB
# after 87,000 requests held 98.5 after 260,000.
max_requests = 1_000_000
max_requests_jitter = 100_000

# --- How much a stranger may send ----------------------------------------------------------

limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190

# --- Whom to believe -----------------------------------------------------------------------

# Nobody's X-Forwarded-* headers, here: the application reads them itself, for as many proxies
# as FLASKY_PROXY_HOPS says, and gunicorn must not have decided before.
forwarded_allow_ips = ""
# No socket for remote control in somebody's home directory.
control_socket_disable = True

# --- What is written down ------------------------------------------------------------------

accesslog = "-"
errorlog = "-"
loglevel = os.environ.get("WEB_LOG_LEVEL") or "info"
# Address, time, request, status, bytes, milliseconds. Neither the Referer (it may be a page
# with a token in its address) nor the user (with the API it may be the token itself).
access_log_format = '%(h)s %(t)s "%(r)s" %(s)s %(B)s %(M)sms'

# A link from a mail is as good as a password until it is used: /auth/reset/<token> and its
# kin. Whatever follows the second word of an /auth/ address stays out of the logs.
SECRET_PATH = re.compile(r"(?is)(/auth/+[^/\s]+/+)[^\s\"'?]+")


def without_secrets(text):
    """`text` without what makes an address a secret; for sentences of gunicorn's own."""
    return SECRET_PATH.sub(r"\1<token>", text)


def path_to_log(environ):
    """The path as the application sees it, so that %61uth hides nothing, but without the token.

    Written in ASCII again, so that no request can begin a line of its own in the log.
    """
    path = environ.get("PATH_INFO") or unquote(environ["RAW_URI"].partition("?")[0], "latin-1")
    path = re.sub(r"(?is)(/auth/+[^/]+/+).+", r"\1<token>", path)
    return quote(path, safe="/<>:@", encoding="latin-1")


class DiscreetLogger(Logger):
    """Writes neither query strings nor tokens, and one line per request whatever was asked.

    Probes that find the site well are not worth a line every few seconds.
    """

    def setup(self, cfg):
        super().setup(cfg)
        if os.environ.get("FLASKY_LOG_FORMAT") == "json":
            from deploy.json_lines import JsonLines  # not before it is known where it lies

            for log in (self.error_log, self.access_log):
                for handler in log.handlers:
                    handler.setFormatter(JsonLines())

    def access(self, resp, req, environ, request_time):
        is_probe = environ.get("PATH_INFO", "").startswith("/health/")
        if not (is_probe and str(resp.status).startswith("200")):
            super().access(resp, req, environ, request_time)

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        method, version = environ["REQUEST_METHOD"], environ["SERVER_PROTOCOL"]
        atoms["r"] = f"{method} {path_to_log(environ)} {version}"
        return atoms

    def exception(self, msg, *args, **kwargs):
        super().exception(msg, *map(self._discreet, args), **kwargs)

    def warning(self, msg, *args, **kwargs):
        super().warning(self._discreet(msg), *map(self._discreet, args), **kwargs)

    @staticmethod
    def _discreet(value):
        return without_secrets(value).partition("?")[0] if isinstance(value, str) else value


logger_class = DiscreetLogger


# --- Moments in the life of a server --------------------------------------------------------


def on_starting(server):
    """Called in the master before anything else: make a place for what the workers count.

    /metrics tells what all of them did, so they keep it in files; in memory, for speed. A master
    that takes over by USR2 makes one of its own.
    """
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder and "FLASKY_FIGURES_MADE_BY" not in os.environ:  # somebody chose it
        os.makedirs(folder, exist_ok=True)
        for left_behind in glob.glob(os.path.join(glob.escape(folder), "*.db")):
            os.unlink(left_behind)
        return
    remove_folders_of_the_dead()
    name = f"{FIGURES}{os.getpid()}-"
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp("", name, worker_tmp_dir)
    os.environ["FLASKY_FIGURES_MADE_BY"] = str(os.getpid())


def remove_folders_of_the_dead():
    """Remove the figures of masters that were killed, and could not do it themselves."""
    place = worker_tmp_dir or tempfile.gettempdir()
    for folder in glob.glob(os.path.join(glob.escape(place), f"{FIGURES}*-*")):
        pid = int(os.path.basename(folder).split("-")[2])
        if pid == os.getpid() or not is_running(pid):
            shutil.rmtree(folder, ignore_errors=True)  # that of another user stays


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is somebody else's
        return True
    return True


def child_exit(server, worker):
    """Called in the master when a worker has ended: keep what it counted, in one file."""
    from deploy.metrics import take_over  # not before the master knows where it lies

    take_over(os.environ["PROMETHEUS_MULTIPROC_DIR"], worker.pid)


def on_exit(server):
    """Called in the master at its end."""
    if os.environ.get("FLASKY_FIGURES_MADE_BY") == str(os.getpid()):
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def post_fork(server, worker):
    """Called in a worker before it loads the application."""
    # Imports make next to no garbage, and looking for it took a quarter of a second of the start.
    gc.disable()
    give_back_large_blocks()


def give_back_large_blocks():
    """Give large blocks of memory back as soon as they are free.

    Checking a password takes 19 MB. glibc learns from the first such block to keep the next
    ones, for each thread, and a worker grows by half; a fixed threshold stops it from learning.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # not every C library has it
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, 256 * 1024)


def post_worker_init(worker):
    """Called in a worker when it is ready: keep the collector from what the imports left.

    None of it will ever be garbage, and every walk over it stops all threads of the worker.
    """
    gc.freeze()
    gc.enable()


def worker_exit(server, worker):
    """Called in a worker that is about to end. Nothing to hand over so far."""
