"""Flasky for a crowd of writers at one address: `tests.faults.application:app`.

The real application on the settings of the environment; only the limits on how often somebody may
do something are out of reach, since no single person could cause such a load.
"""

from config import Config

for _name in dir(Config):
    if _name.startswith("FLASKY_LIMIT_"):
        setattr(Config, _name, "1000000 per minute")

from flasky import app  # noqa: E402, F401
