"""Questions about what happens to items."""
