"""The door for those who watch the site: load balancers, containers, Prometheus."""

from . import health, metrics  # noqa: F401  (register their routes)
from .blueprint import ops

__all__ = ["ops"]
