from datetime import datetime

import pytest


@pytest.fixture
def john(make_user):
    return make_user(
        "John",
        email="john@example.com",
        name="John Doe",
        location="São Paulo & more",
        about_me="I write.\n<b>Much</b>",
        member_since=datetime(2024, 2, 3, 4, 5),
        last_seen=datetime(2024, 3, 4, 5, 6),
    )
