"""What answers visitors. `portal serve` becomes this process, which never loaded what only commands need.

A third of the memory goes with it: the tools for changing stores, looking them over and attacking copies of them.
"""

import gc
import sys
from pathlib import Path

from portal import create_app, pulse, server


def main() -> None:
    """Serve the instance, inside the claim that the command holds and hands on."""
    instance, host, port = sys.argv[1:]
    app = create_app(Path(instance))
    state = app.extensions["portal"]

    def on_start() -> None:
        state.volatile.dawn.forget()  # a worker that takes a dead one's place, days later, inherits this morning
        pulse.start(state.stores, state.volatile, state.settings)

    # What is loaded now stays: a collection that walked over it in the worker would copy every page the two share.
    gc.collect()
    gc.freeze()
    server.serve(app, host=host, port=int(port), on_start=on_start)


if __name__ == "__main__":
    main()
