"""The public pages: what this is, what it cannot hide, and Ombuds Week."""
