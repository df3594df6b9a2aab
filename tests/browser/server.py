"""The site in front of a browser, and ways to look behind its pages."""

import json
import re
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

from tests.operations.running_site import RunningSite
from tests.operations.site import PATIENCE


class Server(RunningSite):
    """A site on SQLite whose mails stay in its log."""

    def __init__(self, folder: Path):
        super().__init__(
            folder,
            FLASKY_AVATARS="local",
            # Several pages of everything without a crowd.
            FLASKY_COMMENTS_PER_PAGE="8",
            FLASKY_POSTS_PER_PAGE="8",
        )
        self.database = folder / "data.sqlite"
        self._faults = 0

    def start(self) -> None:
        self.run("-m", "flask", "deploy")
        self.start_web()
        self.start_worker()
        self.ids = json.loads(self.run("-m", "tests.browser.world"))
        self.wait_until_ready()

    @property
    def unexpected_faults(self) -> int:
        """How many tracebacks the log holds beyond those that a test caused on purpose."""
        return self.log.count("Traceback (most recent call last)") - self._faults

    def link_for(self, address: str, subject: str) -> str:
        """Wait for the last mail with this subject to `address`, and return the link in it."""
        mail = re.compile(
            rf"^To: {re.escape(address)}\nSubject: \[Flasky\] {re.escape(subject)}\n.*?(https?://\S+)",
            re.DOTALL | re.MULTILINE,
        )
        self.wait(f"a mail to {address}", lambda: mail.search(self.log))
        return mail.findall(self.log)[-1]

    def write(self, statement: str) -> None:
        """Change the database behind the site's back, as only a test does."""
        with closing(sqlite3.connect(self.database, timeout=PATIENCE)) as connection, connection:
            connection.execute(statement)

    @contextmanager
    def without_table(self, name: str):
        """While it lasts, whoever asks for this table meets a fault; it may be in the log."""
        before = self.unexpected_faults
        self.write(f"ALTER TABLE {name} RENAME TO {name}_away")
        try:
            yield
        finally:
            self.write(f"ALTER TABLE {name}_away RENAME TO {name}")
            self._faults += self.unexpected_faults - before
