"""Units, people and posts brought in from one XLSX file: read, check every cell, then write all or nothing."""
