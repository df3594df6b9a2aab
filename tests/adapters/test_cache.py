"""Texts that processes share in a Redis: who finds them, who does not, and when it is away."""

import logging

import pytest
from redis import Redis

from app.adapters.cache import SharedTexts

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


@pytest.fixture
def held(redis):
    """What the Redis holds."""
    with Redis.from_url(redis.url) as client:
        yield client


@pytest.fixture
def make_texts(app, redis):
    """Make the texts of one process."""
    made = []

    def make(key=KEY):
        made.append(SharedTexts(redis.url, timeout=0.3, key=key))
        return made[-1]

    yield make
    for texts in made:
        texts._client.connection_pool.disconnect()


def test_what_one_process_puts_there_another_finds(make_texts):
    make_texts().put({"a": "<p>ä</p>", "b": ""})
    assert make_texts().get(["b", "none", "a"]) == ["", None, "<p>ä</p>"]


def test_another_site_and_another_edition_find_nothing(make_texts):
    make_texts().put({"a": "text"})
    assert make_texts(OTHER_KEY).get(["a"]) == [None]


def test_it_lasts_for_ten_minutes(make_texts, held):
    make_texts().put({"a": "text"})
    (name,) = held.keys()
    assert 590 <= held.ttl(name) <= 600


@pytest.mark.parametrize("forged", [b"<script>", b"", b"x" * 16 + b"<script>"])
def test_what_somebody_else_has_put_there_is_not_believed(make_texts, held, forged):
    texts = make_texts()
    texts.put({"a": "text"})
    (name,) = held.keys()
    held.set(name, forged)
    assert texts.get(["a"]) == [None]


def test_a_text_that_was_moved_to_another_name_is_not_believed(make_texts, held):
    texts = make_texts()
    texts.put({"a": "for a"})
    (name,) = held.keys()
    content = held.get(name)
    held.flushall()
    texts.put({"b": "for b"})
    (name,) = held.keys()
    held.set(name, content)
    assert texts.get(["b"]) == [None]


def test_while_redis_is_away_there_is_nothing_and_one_line_says_so(make_texts, redis, caplog):
    texts = make_texts()
    texts.put({"a": "text"})
    redis.stop()
    with caplog.at_level(logging.INFO):
        assert texts.get(["a", "b"]) == [None, None]
        texts.put({"a": "text"})
        assert texts.get(["a"]) == [None]
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "Redis is away, each process renders for itself"
    ]


def test_when_it_is_back_it_is_used_again(make_texts, redis, caplog):
    texts = make_texts()
    redis.stop()
    texts.put({"a": "text"})
    redis.start()
    texts._redis.absence._ask_again_at = 0
    with caplog.at_level(logging.INFO):
        texts.put({"a": "again"})
    assert texts.get(["a"]) == ["again"]
    assert "Redis is back" in caplog.text
