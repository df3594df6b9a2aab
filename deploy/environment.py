"""The settings file `.env`: NAME=value lines, taken into the environment before anything else.

python-dotenv passes over lines that it cannot read; a site that comes up without half of its
settings is worse than one that does not come up, so here such a line ends the start.
"""

import io
import os
import re
import stat
import sys
from pathlib import Path
from typing import NoReturn

from dotenv import dotenv_values
from dotenv.parser import parse_stream

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
HARMLESS = {"development", "testing", "default"}
# Looked at before gunicorn is: while it is imported it reads the first of them itself, and ends
# with a traceback.
NUMBERS = ("WEB_CONCURRENCY", "WEB_THREADS")
# What gunicorn takes for "do not start this worker again"; with 1 it would try for ever.
CANNOT_START = 3


def refuse_to_start(sentence: str) -> NoReturn:
    """End the program and say why, for the person who can mend it."""
    if "doctor" in sys.argv[1:3]:  # `flask doctor` cannot say it: it has not been loaded
        sentence = f"FAIL  settings    {sentence}"
    print(sentence, file=sys.stderr)
    sys.exit(CANNOT_START)


def load_env_file(path: Path) -> None:
    """Take the settings of `path`, if there is such a file, into the environment.

    What the environment already holds wins. Ends the program with one sentence when the file
    is broken, when it holds the secrets of a real site for every user of the machine to read, or
    when a number of the web server is none.
    """
    settings = read_env_file(path)
    for name, value in settings.items():
        os.environ.setdefault(name, value)
    is_real_site = os.environ.get("FLASK_CONFIG", "default") not in HARMLESS
    if is_real_site and "SECRET_KEY" in settings and _everyone_may_read(path):
        refuse_to_start(f"Every user of this machine can read {path}. Run: chmod 600 '{path}'")
    for name in NUMBERS:
        if name in os.environ:
            _refuse_unless_number(name, os.environ[name])


def _refuse_unless_number(name: str, value: str) -> None:
    if not (value.isascii() and value.isdecimal() and int(value) >= 1):
        refuse_to_start(f"{name}={value} is not a number. It takes one from 1 up.")


def read_env_file(path: Path) -> dict[str, str]:
    """The settings in `path`; none when there is no such file."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        refuse_to_start(f"{path} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        refuse_to_start(f"{path} is not a text file in UTF-8.")
    for line in parse_stream(io.StringIO(text)):
        if line.error or (line.key is not None and not _is_setting(line)):
            # The line itself stays unsaid: it may hold half a password.
            refuse_to_start(
                f"{path}, line {line.original.line}: expected NAME=value. Nothing was started."
            )
    return dotenv_values(stream=io.StringIO(text))


def _is_setting(line) -> bool:
    """A name that a shell would take too, an equals sign, and a value the system can carry."""
    return bool(NAME.fullmatch(line.key)) and line.value is not None and "\0" not in line.value


def _everyone_may_read(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IROTH)
