"""Prepares the database of the settings: `python -m tests.faults.world 8`.

Brings it up to date, adds so many people who have confirmed their address, and prints a token of
the API for each, as JSON.
"""

import json
import sys

from flask_migrate import upgrade

from app.extensions import db
from app.models import Role, User
from tests.faults.application import app


def people(count: int) -> list[str]:
    role, tokens = Role.named("User"), []
    for number in range(count):
        user = User(
            username=f"writer{number}",
            email=f"writer{number}@example.com",
            confirmed=True,
            role=role,
        )
        db.session.add(user)
        db.session.flush()
        _, token = user.make_token("faults", ["read", "write"])
        tokens.append(token)
    db.session.commit()
    return tokens


if __name__ == "__main__":
    with app.app_context():
        upgrade()
        Role.insert_roles()
        print(json.dumps(people(int(sys.argv[1]))))
