"""The worker of gunicorn that serves Flasky; gunicorn.conf.py names it.

It is gunicorn's own worker with threads, except for how it takes new connections.
"""

import selectors
import time
from functools import partial

from gunicorn.workers.gthread import DEFAULT_WORKER_DATA_TIMEOUT, ThreadWorker

_WAIT_FOR_EACH = 0.0002  # seconds
_LONGEST_WAIT = 0.001


class PatientWorker(ThreadWorker):
    """Leaves new connections to workers that have fewer, and keeps no thread waiting for them."""

    def accept(self, listener):
        """Take a connection that waits, unless a less busy worker has done so by then.

        All workers hear of it at the same moment, and whoever was first would go on taking what
        comes next. Connections stay open, so that one worker of two often had all eight of a
        load, and the site did half of what it could.
        """
        if self.cfg.workers > 1:
            time.sleep(min(self.nr_conns * _WAIT_FOR_EACH, _LONGEST_WAIT))
        super().accept(listener)

    def enqueue_req(self, conn):
        """Give a connection to a thread once it has said something.

        Browsers open connections ahead of need. gunicorn lets a thread wait 5 s for the first
        word on each, so that four of them kept a worker from answering anybody.
        """
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.timeout = time.monotonic() + DEFAULT_WORKER_DATA_TIMEOUT + self.cfg.keepalive
        self.pending_conns.append(conn)
        answer = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, answer)

    def _cap_keepalive(self, deadline):
        """Let connections that have not said anything hold up a worker's end no longer either."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)
