"""In a process of its own: `tests.servers.test_upgrade` gives it an empty database."""

import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()
import_module("tests.upgrades.upgrade").main()
