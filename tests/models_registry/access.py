"""The tables of plans, of dossiers and of the showcase, joined."""

from tests.models_registry import access_dossiers, access_plans, access_showcase

TABLES = (access_plans, access_dossiers, access_showcase)
OBJECTS = {url: made for table in TABLES for url, made in table.OBJECTS.items()}
DATA = {url: sent for table in TABLES for url, sent in table.DATA.items()}
ROWS = "".join(table.ROWS for table in TABLES)
