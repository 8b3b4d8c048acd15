"""Looking whether an office is well: settings, files, stores, people, the machine. Nothing is changed."""
