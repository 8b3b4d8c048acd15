"""When an ombuds is busy, read from the address of a calendar: only when, never with what or whom."""
