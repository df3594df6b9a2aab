"""Every address of the site, filled in with records that exist."""

from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER")
SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Address:
    """One rule of the URL map."""

    rule: Rule

    def __str__(self) -> str:
        return self.rule.endpoint

    @property
    def endpoint(self) -> str:
        return self.rule.endpoint

    def path(self, *, post_id: int, comment_id: int, user_id: int, username: str) -> str:
        """Return the address of an existing record."""
        if self.endpoint.startswith("main.moderate_") or "comment" in self.endpoint:
            record_id = comment_id
        elif self.endpoint == "main.edit_profile_admin":
            record_id = user_id
        else:
            record_id = post_id
        values = {
            "id": record_id,
            "username": username,
            "token": "no-token",
            "name": "ann",
            "filename": "favicon.svg",
            "picture": "0" * 32,
            "size": "256",
        }
        return self.rule.build({name: values[name] for name in self.rule.arguments})[1]


def addresses(app: Flask, *, method: str) -> list[Address]:
    """Return the addresses that browsers use; no cookie opens the API: see tests/api."""
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if method in rule.methods and not rule.endpoint.startswith("api.")
    ]
    return [Address(rule) for rule in sorted(rules, key=lambda rule: rule.rule)]
