"""Passwords that cost nothing: hashing is slow on purpose, and tests make people by the hundred."""

import pytest
from argon2 import PasswordHasher

from app.lib import passwords

_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch):
    """A folder whose conftest imports this fixture hashes with next to no work."""
    monkeypatch.setattr(passwords, "_hasher", _QUICK)
