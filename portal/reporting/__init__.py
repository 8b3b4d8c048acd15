"""Counts: all that remains of a matter once it is closed."""
