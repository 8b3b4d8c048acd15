"""Which hosts on the inside may be asked for an ombuds' calendar, as the operator lists them."""

import re

#: A name or an address of version 4, or one of version 6 in brackets; a port may follow.
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)(?::([0-9]{1,5}))?")
_PORTS = range(1, 2**16)


def hosts(value: list[str]) -> tuple[str, ...]:
    """Each once, as `host` or `host:port`, in lower case. A text is no list: its letters would be taken one by one."""
    if not isinstance(value, list) or not all(_is_host(item) for item in value):
        raise ValueError("not hosts")
    return tuple(dict.fromkeys(item.lower() for item in value))


def _is_host(value: object) -> bool:
    found = _HOST.fullmatch(value) if isinstance(value, str) else None
    return found is not None and (found[1] is None or int(found[1]) in _PORTS)
