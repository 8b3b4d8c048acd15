"""What the child process runs first, as a file: sets its bounds, then lets the worker in without the rest.

Importing `portal` would bring the web and the stores with it. So a bare package takes its name.
"""

import resource
import runpy
import sys
from pathlib import Path
from types import ModuleType

#: Seconds of computing, start included. What takes longer is no calendar of a person.
CPU_SECONDS = 9
#: In bytes of address space; reading 2 MB takes a fraction of it.
MEMORY = 640 * 1024 * 1024


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would keep what is not to be kept
    bare = ModuleType("portal")
    bare.__path__ = [str(Path(__file__).parents[1])]
    sys.modules["portal"] = bare
    runpy.run_module("portal.busy.worker", run_name="__main__")


if __name__ == "__main__":
    main()
