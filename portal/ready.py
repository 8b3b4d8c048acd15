"""What pages are made of, read by the server itself before it answers anybody.

A file that is read for the first time at somebody's look bears that moment for a day or longer, and the first page that
is made of it comes later than the next: from the disk, or from outside, one could tell that somebody had booked since
the last start, or practised, or read in Arabic. What is read here, nobody is the first to need.
"""

import codecs

from cryptography.hazmat.backends import default_backend
from flask import Flask
from jinja2 import DictLoader

from portal import zones
from portal.site import shelves

#: Pages that only somebody who has signed in ever sees. They are made when they are asked for, from memory too.
_SIGNED_IN = ("desk/", "editing/")


def make_ready(app: Flask) -> None:
    """Read all templates, texts and zones, and make ready what visitors' pages are made of."""
    environment, loader = app.jinja_env, app.jinja_env.loader
    assert loader is not None, "Flask gives every application one"
    names = environment.list_templates()
    sources = {name: loader.get_source(environment, name)[0] for name in names}
    environment.loader = DictLoader(sources)
    for name in names:
        if not name.startswith(_SIGNED_IN):
            environment.get_template(name)
    shelves.read_all()
    zones.read_all()
    # What libraries bring in only when they are first used: for a key that is made, and for a calendar's file.
    default_backend()
    codecs.lookup("utf-8-sig")
