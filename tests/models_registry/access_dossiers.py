"""Access to dossiers, their files and steps."""

OBJECTS: dict = {}
DATA: dict = {}
ROWS = ""
