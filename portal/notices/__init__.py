"""That an ombuds' appointments are moved: fixed sentences on the public pages, from the desk or by a PIN."""
