"""What a small server room does to the portal, done to real servers: `make drill`, or some by name.

A drill is a function of a module here under `@drill(name, expected)`; it returns what was seen, and raises when that
is not what was expected. A new module is found by itself.
"""
