"""Sealed storage: boxes, keys, words and symbols, on `cryptography` alone; no web, no database."""
