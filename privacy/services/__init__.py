"""The only writers of what privacy keeps, and of what is erased of a person."""
