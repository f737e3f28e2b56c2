"""Backups: archives of database and files, bringing one back, and trying every night whether that would work.

Why it is so: docs/adr/0033-a-backup-is-what-was-restored.md.
"""
