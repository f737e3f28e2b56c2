"""A cache that may be away: pages go on without it, because nothing in it is the only copy of anything."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def _or(when_away):
    """Make a method of RedisCache answer `when_away(self, *args)` where the server cannot be reached."""

    def made(name):
        method = getattr(RedisCache, name)

        def call(self, *args, **kwargs):
            try:
                return method(self, *args, **kwargs)
            except (RedisError, OSError) as away:
                log.warning("cache is away, %s skipped: %s", name, away)
                return when_away(*args, **kwargs)

        return call

    return made


def _default_given(key, default=None, version=None):
    return default


class ForgivingRedisCache(RedisCache):
    """Redis, and while it is away an empty cache that keeps nothing."""

    get = _or(_default_given)("get")
    add = _or(lambda *_, **__: True)("add")
    set = _or(lambda *_, **__: None)("set")
    touch = _or(lambda *_, **__: False)("touch")
    delete = _or(lambda *_, **__: False)("delete")
    get_many = _or(lambda *_, **__: {})("get_many")
    has_key = _or(lambda *_, **__: False)("has_key")
    incr = _or(lambda key, delta=1, version=None: delta)("incr")
    set_many = _or(lambda *_, **__: [])("set_many")
    delete_many = _or(lambda *_, **__: None)("delete_many")
    clear = _or(lambda *_, **__: False)("clear")
