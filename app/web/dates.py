"""Flask-Moment's template interface under a strict Content-Security-Policy.

Flask-Moment writes an inline script and an inline style. This subclass writes a `<time>` element
with a readable text instead, which static/js/dates.js turns into the reader's language and zone.
"""

from flask_moment import moment
from markupsafe import Markup

_NOW = object()


class LocalMoment(moment):
    def __init__(self, timestamp=_NOW, local: bool = False):
        super().__init__(None if timestamp is _NOW else timestamp, local)
        if timestamp is None:  # a column that was never filled, not "now"
            self.timestamp = None

    @classmethod
    def include_moment(cls, *args, **kwargs) -> Markup:
        """Return nothing: the base template loads the scripts from our own static files."""
        return Markup("")

    def _render(
        self, func, format=None, timestamp2=None, no_suffix=None, units=None, refresh=False
    ) -> Markup:
        if self.timestamp is None:
            return Markup("")
        options = {
            "format": format,
            "timestamp2": timestamp2,
            "nosuffix": "1" if no_suffix else None,
            "units": units,
            "refresh": int(refresh) * 60000 or None,
        }
        attributes = Markup("").join(
            Markup(' data-{}="{}"').format(name, value)
            for name, value in options.items()
            if value is not None and value != ""
        )
        return Markup('<time datetime="{}" data-moment="{}"{}>{}</time>').format(
            self._timestamp_as_iso_8601(self.timestamp), func, attributes, self._as_text(func)
        )

    def _as_text(self, func: str) -> str:
        """Return what a reader without script sees; days have no zone, hours need one."""
        if isinstance(self.timestamp, str):
            return self.timestamp
        day = f"{self.timestamp.day} {self.timestamp:%B %Y}"
        return day if func == "format" else f"{day}, {self.timestamp:%H:%M} UTC"
