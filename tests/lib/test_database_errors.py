"""What the errors of three drivers mean."""

import sqlite3

import psycopg
import pymysql
import pytest
from psycopg import errors

from app.lib.database_errors import Trouble, trouble_of


def sqlite_error(code):
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    "error",
    [
        errors.SerializationFailure("x"),
        errors.DeadlockDetected("x"),
        pymysql.OperationalError(1213, "Deadlock found when trying to get lock"),
        pymysql.OperationalError(1020, "Record has changed since last read"),
        pymysql.OperationalError(1305, "SAVEPOINT sa_savepoint_1 does not exist"),
    ],
    ids=repr,
)
def test_a_transaction_that_was_broken_off_may_be_done_again(error):
    assert trouble_of(error) is Trouble.BROKEN_OFF


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("connection refused"),
        errors.ConnectionTimeout("connection timeout expired"),
        errors.AdminShutdown("x"),
        errors.CannotConnectNow("the database system is starting up"),
        errors.TooManyConnections("x"),
        errors.DiskFull("x"),
        errors.QueryCanceled("statement timeout"),
        errors.LockNotAvailable("x"),
        errors.ReadOnlySqlTransaction("x"),
        pymysql.OperationalError(2003, "Can't connect"),
        pymysql.OperationalError(2006, "gone away"),
        pymysql.OperationalError(2013, "lost"),
        pymysql.OperationalError(1205, "Lock wait timeout exceeded"),
        pymysql.OperationalError(1969, "max_statement_time exceeded"),
        sqlite_error(sqlite3.SQLITE_BUSY),
        sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT),
        sqlite_error(sqlite3.SQLITE_FULL),
        sqlite_error(sqlite3.SQLITE_READONLY),
        sqlite_error(sqlite3.SQLITE_IOERR),
    ],
    ids=repr,
)
def test_a_database_that_is_away_or_busy_is_no_fault_of_ours(error):
    assert trouble_of(error) is Trouble.AWAY


@pytest.mark.parametrize(
    "error",
    [
        errors.UndefinedTable("x"),
        errors.SyntaxError("x"),
        errors.NumericValueOutOfRange("x"),
        pymysql.ProgrammingError(1146, "no such table"),
        pymysql.OperationalError(1054, "unknown column"),
        pymysql.OperationalError(1305, "PROCEDURE x does not exist"),
        sqlite_error(sqlite3.SQLITE_ERROR),
        ValueError("x"),
        ValueError(),
        None,
    ],
    ids=repr,
)
def test_a_wrong_statement_is_a_fault_of_ours(error):
    assert trouble_of(error) is None
