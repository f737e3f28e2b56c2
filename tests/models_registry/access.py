"""The tables of plans and of dossiers, joined."""

from tests.models_registry import access_dossiers, access_plans

OBJECTS = access_plans.OBJECTS | access_dossiers.OBJECTS
DATA = access_plans.DATA | access_dossiers.DATA
ROWS = access_plans.ROWS + access_dossiers.ROWS
