"""A demo office: fictional people, a filled week, and a note of what to try."""
