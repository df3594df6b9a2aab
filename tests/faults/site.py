"""A site that faults are done to, and what one may ask it afterwards."""

import json
from collections import Counter
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.adapters.mail_server import Postbox
from tests.operations.running_site import RunningSite

# column, table that holds it, table that is counted, key in the latter
_COUNTERS = (
    ("post_count", "users", "posts", "author_id"),
    ("comment_count", "users", "comments", "author_id"),
    ("comment_count", "posts", "comments", "post_id"),
)
# Seconds, in the place of minutes: a test cannot wait as long as a mail server can be away.
IMPATIENT = {
    "FLASKY_JOB_CLAIM": "2",
    "FLASKY_JOB_RETRY_WAIT": "0.5",
    "FLASKY_OUTBOX_INTERVAL": "1",
    "MAIL_TIMEOUT": "2",
}


class FaultySite(RunningSite):
    """The real site with a database of choice and no limits on writers."""

    application = "tests.faults.application:app"

    def __init__(self, folder: Path, database_url: str, **settings: str):
        super().__init__(folder, DATABASE_URL=database_url, **{**IMPATIENT, **settings})
        driver = database_url.replace("postgresql://", "postgresql+psycopg://")
        self._engine = create_engine(driver, poolclass=NullPool)

    def prepare(self, people: int) -> None:
        """Fill the database; `tokens` are those of the people."""
        self.tokens = json.loads(self.run("-m", "tests.faults.world", str(people)))

    def start(self, people: int = 8) -> None:
        """Fill the database, start web server and worker."""
        self.prepare(people)
        self.start_web()
        self.start_worker()
        self.wait_until_ready()

    def ask(self, statement: str) -> list:
        """Return the rows that the database itself gives, past the site."""
        with self._engine.connect() as connection:
            return connection.execute(text(statement)).all()

    def write(self, statement: str) -> None:
        """Change the database behind the site's back."""
        with self._engine.begin() as connection:
            connection.execute(text(statement))

    def lost(self, writes) -> list:
        """Return the acknowledged writes that the database does not hold exactly once."""
        held = {
            "posts": Counter(row[0] for row in self.ask("SELECT body FROM posts")),
            "comments": Counter(row[0] for row in self.ask("SELECT body FROM comments")),
            "users": Counter(row[0] for row in self.ask("SELECT email FROM users")),
        }
        return [write for write in writes if held[write.table][write.text] != 1]

    def wrong_counters(self) -> list:
        """Return the counters that are not what the rows say, as (table, column, id)."""
        return [
            (table, column, row[0])
            for column, table, counted, key in _COUNTERS
            for row in self.ask(
                f"SELECT id FROM {table} WHERE {column} <> "
                f"(SELECT count(*) FROM {counted} WHERE {counted}.{key} = {table}.id)"
            )
        ]

    def wait_for_mails(self, addresses: set[str], postbox: Postbox, patience: float) -> None:
        """Wait until each of `addresses` has got a mail; say who has none when it takes longer."""

        def missing() -> set[str]:
            return addresses - {to for recipients in postbox.recipients for to in recipients}

        try:
            self.wait("the last mail", lambda: not missing(), patience)
        except TimeoutError:
            jobs = self.ask("SELECT * FROM jobs WHERE done_at IS NULL LIMIT 20")
            raise AssertionError(
                f"no mail to {missing()}; jobs: {jobs}\n{self.log[-5000:]}"
            ) from None


def duplicates(postbox: Postbox) -> list[str]:
    """Return the Message-IDs of the mails that came once more, each as often as it did.

    Every mail of a test is promised once, so two with one recipient must be the same one.
    """
    ids = {}
    for mail, recipients in zip(postbox.mails, postbox.recipients, strict=True):
        ids.setdefault(recipients[0], []).append(mail["Message-ID"])
    for recipient, copies in ids.items():
        assert len(set(copies)) == 1, f"{recipient} got different mails: {copies}"
    return [copies[0] for copies in ids.values() for _ in copies[1:]]
