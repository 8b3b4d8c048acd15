"""Keeping counts until the end of their month, and adding them to their quarter."""
