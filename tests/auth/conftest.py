import re

import pytest


@pytest.fixture
def link_in(outbox):
    """Return the path of the link in the mail of this subject, the newest one."""

    def find(subject: str) -> str:
        (*_, message) = [mail for mail in outbox if mail.subject == subject]
        (path,) = re.findall(r"http://localhost:5000(\S+)", message.body)
        return path

    return find


@pytest.fixture
def newcomer(make_user):
    """Somebody who has registered and not confirmed yet."""
    return make_user("newcomer", confirmed=False)
