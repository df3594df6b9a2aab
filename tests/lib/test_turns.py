"""Who writes to a file of SQLite waits in line: nobody is passed over, nobody waits for ever."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context

import pytest

from app.lib.turns import begin_in_turn

PROCESSES, THREADS, TURNS = 2, 4, 100
SPAWN = get_context("spawn")
# Holds the turn of the file that it is given, until it is killed.
HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("mine", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path):
    path = str(tmp_path / "data.sqlite")
    with closing(open_file(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE turns AS SELECT 0 AS number")
    return path


def open_file(path, patience=5000):
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout={patience}")
    return connection


@pytest.fixture
def holder(file):
    """Another process, which has the turn."""
    command = [sys.executable, "-c", HOLDER, file]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True) as process:
        assert process.stdout.readline() == "mine\n"
        yield process
        process.kill()


def has_turn(path, patience=5000):
    """Try to write; tell whether that could be, and how many seconds it took."""
    with closing(open_file(path, patience)) as connection:
        began = time.monotonic()
        is_mine = begin_in_turn(connection, path)
        assert connection.in_transaction == is_mine
        assert connection.execute("PRAGMA busy_timeout").fetchone() == (patience,)
        return is_mine, time.monotonic() - began


def number_of(connection):
    return connection.execute("SELECT number FROM turns").fetchone()[0]


def take_turns(path):
    """Return how many others had their turn each time while this one waited for its own."""
    passed_over = []
    with closing(open_file(path)) as connection:
        for _ in range(TURNS):
            before = number_of(connection)
            assert begin_in_turn(connection, path)
            passed_over.append((now := number_of(connection)) - before)
            connection.execute("UPDATE turns SET number = ?", (now + 1,))
            time.sleep(0.001)  # a transaction has more to do
            connection.execute("COMMIT")
    return passed_over


def take_turns_in_threads(path, start, found):
    start.wait()
    with ThreadPoolExecutor(THREADS) as pool:
        found.put([n for some in pool.map(take_turns, [path] * THREADS) for n in some])


def test_among_eight_writers_in_two_processes_nobody_is_passed_over_for_long(file):
    start, found = SPAWN.Barrier(PROCESSES, timeout=60), SPAWN.Queue()
    writers = [
        SPAWN.Process(target=take_turns_in_threads, args=(file, start, found))
        for _ in range(PROCESSES)
    ]
    for writer in writers:
        writer.start()
    passed_over = found.get(timeout=120) + found.get(timeout=120)
    for writer in writers:
        writer.join()
    with closing(open_file(file)) as connection:
        assert number_of(connection) == len(passed_over) == PROCESSES * THREADS * TURNS
    # By SQLite's own way of waiting, some go last: all 700 turns of the others come before.
    assert max(passed_over) <= len(passed_over) / 4, sorted(passed_over)[-20:]


def test_who_is_frozen_while_writing_leads_to_an_answer_for_all_who_wait(file, holder):
    os.kill(holder.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(has_turn, [file] * THREADS, [500] * THREADS))
    assert [is_mine for is_mine, _ in answers] == [False] * THREADS
    assert all(0.9 < seconds < 3 for _, seconds in answers), answers  # not one after the other
    os.kill(holder.pid, signal.SIGKILL)
    assert has_turn(file)[0]


def test_who_is_killed_while_others_wait_leaves_the_turn_to_them(file, holder):
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(has_turn, file)
        time.sleep(0.2)
        holder.kill()
        is_mine, seconds = waiting.result()
    assert is_mine
    assert seconds < 2


def test_who_has_no_patience_waits_neither_for_the_turn_nor_in_the_line(file, holder):
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(has_turn, file, 1000)
        time.sleep(0.1)
        is_mine, seconds = has_turn(file, patience=0)
        assert not is_mine
        assert seconds < 1
        assert not waiting.result()[0]


def test_a_second_transaction_inside_the_first_is_refused_and_stops_nobody(file):
    with closing(open_file(file)) as outer:
        assert begin_in_turn(outer, file)
        assert not has_turn(file, patience=50)[0]
    assert has_turn(file)[0]


def test_another_file_has_a_line_of_its_own(file, holder, tmp_path):
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(has_turn, file, 1000)
        time.sleep(0.1)
        assert has_turn(str(tmp_path / "another.sqlite"))[1] < 1
        waiting.result()


@pytest.mark.parametrize("name", [":memory:", ""])
def test_a_database_in_memory_needs_no_line(name):
    assert has_turn(name)[0]


def test_a_file_that_can_only_be_read_needs_none_either(file):
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        assert begin_in_turn(connection, file)


def test_other_trouble_is_told_at_once_and_stops_nobody(tmp_path):
    path = tmp_path / "data.sqlite"
    path.write_text("This is no database. " * 1000)
    for _ in range(2):
        is_mine, seconds = has_turn(str(path))
        assert not is_mine
        assert seconds < 1
