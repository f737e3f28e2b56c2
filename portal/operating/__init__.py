"""What whoever operates the portal sees of it: its log, its health, its gauges, its failures."""
