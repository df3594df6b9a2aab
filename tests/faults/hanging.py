"""A server that takes every connection and then says nothing."""

import socket
from contextlib import contextmanager
from threading import Thread


@contextmanager
def hang_on(port: int, *, really: bool = True):
    """Listen on `port` and answer nobody; unless `really`, leave the port to refuse everybody."""
    if not really:
        yield
        return
    listener = socket.create_server(("127.0.0.1", port))
    callers = []

    def accept():
        while True:
            try:
                callers.append(listener.accept()[0])
            except OSError:  # the listener was closed
                return

    thread = Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
        for caller in callers:
            caller.close()
