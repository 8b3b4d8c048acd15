"""Looking whether an office is well: settings, files, stores and the machine they lie on."""
