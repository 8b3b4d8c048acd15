"""Who may come: the staff list as keyed hashes beside locked parts, and the codes that are mailed to it."""
