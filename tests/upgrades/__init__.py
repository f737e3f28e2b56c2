"""The database as the release before made it, and what an upgrade makes of it.

`released.sqlite.sql.xz` and `released.postgres.sql.xz` are the samples of the last release, written by its own code;
`python -m tests.upgrades.release` makes them anew in a checkout of a release, before its successor begins.
"""
