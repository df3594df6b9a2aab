"""Many processes that read before they write lose nothing, on a SQLite file."""

from multiprocessing import get_context
from threading import Timer

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app import create_app
from app.database import begin_read_only, reading, writing
from app.extensions import db
from app.models import Post, User
from config import TestingConfig
from tests.databases import close_connections

pytestmark = pytest.mark.only_sqlite("how its transactions wait for one another")
PROCESSES, TRANSACTIONS = 8, 100
SPAWN = get_context("spawn")


def count_up(url, start, errors):
    """Read a figure, add one in Python, write it back; a hundred times."""
    TestingConfig.SQLALCHEMY_DATABASE_URI = url
    with create_app("testing").app_context():
        db.session.connection()
        db.session.rollback()
        start.wait()
        for _ in range(TRANSACTIONS):
            try:
                user = db.session.get(User, 1)
                user.location = str(int(user.location) + 1)
                db.session.add(Post(author_id=user.id))
                db.session.commit()
            except Exception as error:
                errors.put(repr(error))
                db.session.rollback()


@pytest.fixture
def file_app(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'data.sqlite'}"
    monkeypatch.setattr(TestingConfig, "SQLALCHEMY_DATABASE_URI", url)
    app = create_app("testing")
    with app.app_context():
        db.create_all()
        db.session.add(User(username="ann", location="0"))
        db.session.commit()
        yield app
        db.session.rollback()
        close_connections()


def test_eight_processes_lose_nothing_and_raise_nothing(file_app):
    start, errors = SPAWN.Barrier(PROCESSES, timeout=60), SPAWN.Queue()
    url = file_app.config["SQLALCHEMY_DATABASE_URI"]
    workers = [SPAWN.Process(target=count_up, args=(url, start, errors)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    found = []
    while not errors.empty():
        found.append(errors.get())
    assert found == []
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    user = db.session.get(User, 1)
    assert int(user.location) == PROCESSES * TRANSACTIONS
    assert user.post_count == Post.query.count() == PROCESSES * TRANSACTIONS


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 5000), ("foreign_keys", 1)],
)
def test_every_connection_is_set_up(file_app, pragma, value):
    for _ in range(2):
        assert db.session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
        db.session.rollback()
        close_connections()


@pytest.fixture
def another(file_app):
    """A second connection that waits for nobody."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        connection.rollback()
        yield connection


def can_write(connection):
    try:
        connection.exec_driver_sql("UPDATE users SET name = 'x'")
        connection.commit()
    except OperationalError:
        connection.rollback()
        return False
    return True


def test_a_transaction_takes_its_turn_before_it_reads(another):
    assert can_write(another)
    db.session.get(User, 1)
    assert not can_write(another)
    db.session.rollback()
    assert can_write(another)


def test_who_only_reads_holds_up_nobody(another):
    with reading():
        db.session.get(User, 1)
        assert can_write(another)
    db.session.rollback()


def test_who_declared_to_read_may_write_after_all_where_it_says_so(another):
    begin_read_only(True)
    try:
        with writing():
            db.session.get(User, 1)
            assert not can_write(another)
        db.session.rollback()
        db.session.get(User, 1)
        assert can_write(another)
    finally:
        begin_read_only(False)


@pytest.fixture
def impatient(another):
    """Let every connection from here on wait for a twentieth of a second at a time."""

    def shorten(dbapi_connection, _record):
        dbapi_connection.execute("PRAGMA busy_timeout=50")

    close_connections()
    event.listen(db.engine, "connect", shorten)
    yield
    event.remove(db.engine, "connect", shorten)


def test_who_is_out_of_luck_asks_again(another, impatient):
    another.exec_driver_sql("SELECT 1")
    done = Timer(0.08, another.rollback)
    done.start()
    assert db.session.get(User, 1)
    done.join()


def test_who_is_out_of_luck_for_too_long_is_told(another, impatient):
    another.exec_driver_sql("SELECT 1")
    with pytest.raises(OperationalError, match="database is locked"):
        db.session.get(User, 1)


def test_what_is_declared_for_a_while_ends_with_an_error_too(another):
    with pytest.raises(RuntimeError), reading():
        raise RuntimeError
    db.session.get(User, 1)
    assert not can_write(another)
