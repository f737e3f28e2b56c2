import pytest

from portal.cache import ForgivingRedisCache
from tests.servers.valkey import nobody_there


@pytest.fixture
def cache():
    """A cache whose server is away."""
    return ForgivingRedisCache(nobody_there(), {"OPTIONS": {"socket_connect_timeout": 1}})


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (lambda cache: cache.get("k", "default"), "default"),
        (lambda cache: cache.get_many(["k"]), {}),
        (lambda cache: cache.set("k", 1), None),
        (lambda cache: cache.set_many({"k": 1}), []),
        (lambda cache: cache.add("k", 1), True),
        (lambda cache: cache.incr("k", 2), 2),
        (lambda cache: cache.touch("k"), False),
        (lambda cache: cache.delete("k"), False),
        (lambda cache: cache.has_key("k"), False),
        (lambda cache: cache.get_or_set("k", 7), 7),
    ],
)
def test_a_cache_that_is_away_answers_as_an_empty_one(cache, call, answer):
    assert call(cache) == answer
