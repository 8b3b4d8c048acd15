"""Changing the public words in the browser."""
