"""Log records as JSON, one a line, for programs that gather logs (FLASKY_LOG_FORMAT=json)."""

import json
import logging
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """Whatever a record holds stays on its line: JSON escapes what is not ASCII or begins one."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", None) or _of_answer(record),
            "process": record.process,
        }
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["exception"] = record.exc_text
        return json.dumps(line)


def _of_answer(record: logging.LogRecord) -> str | None:
    """The id in a record of gunicorn's access log, which carries the headers of the answer."""
    atoms = record.args if isinstance(record.args, dict) else {}
    request_id = atoms.get("{x-request-id}o", "-")
    return None if request_id == "-" else request_id
