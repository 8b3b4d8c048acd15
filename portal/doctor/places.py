"""Where the office's folder lies: what copies it, serves it, carries it over a network or dates its use."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from portal import leftovers
from portal.doctor.finding import Finding, remark

_NETWORK = re.compile(
    r"9p|afs|ceph|cifs|davfs|drvfs|glusterfs|lustre|ncpfs|nfs4?|prl_fs|smb3|smbfs|vboxsf|virtiofs|vmhgfs"
    r"|fuse\.(sshfs|davfs|rclone|s3fs|glusterfs|vmhgfs|gvfs|ceph|smbnetfs|gcsfuse).*"
)
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})
_SYNCED = ("dropbox", "onedrive", "google drive", "googledrive", "my drive", "nextcloud", "owncloud", "icloud")
_SYNCED_EXACTLY = frozenset({"mobile documents", "cloudstorage", "mega", "megasync", "pclouddrive", "syncthing"})
_SYNC_MARKS = (".dropbox", ".dropbox.cache", ".stfolder", ".nextcloudsync.log", ".owncloudsync.log")
_SERVED = frozenset({"www", "wwwroot", "public_html", "htdocs", "webroot"})
_SERVED_FOLDERS = (Path("/srv/http"), Path("/usr/share/nginx"))
_GIT_ANSWERS = (0, 1)
_PATIENCE = 20.0


@dataclass(frozen=True)
class Mount:
    """One line of /proc/self/mountinfo: where, which kind of file system, the options of the mount."""

    point: Path
    kind: str
    options: frozenset[str]


def read_mounts(text: str) -> list[Mount]:
    """Lines as proc(5) describes them: six fields, any number of tags, a dash, the kind."""
    found = []
    for line in text.splitlines():
        fields, dash, rest = (part.split() for part in line.partition(" - "))
        if dash and rest and len(fields) > 5:  # noqa: PLR2004 - the fields before the tags
            found.append(Mount(Path(_plain(fields[4])), rest[0], frozenset(fields[5].split(","))))
    return found


def find_mount(path: Path, mounts: Sequence[Mount] | None) -> Mount | None:
    """The mount that a resolved path lies on; of two in one place the later covers the earlier."""
    around = [mount for mount in mounts or () if path.is_relative_to(mount.point)]
    return max(reversed(around), key=lambda mount: len(mount.point.parts), default=None)


def about_mount(instance: Path, mount: Mount | None) -> Iterator[Finding]:
    if mount is None:
        return
    if is_network(mount.kind):
        yield Finding(
            f"{instance} lies on a network file system ({mount.kind}): others keep its bytes, and locks fail.",
            "Move the office to a disk of this machine, with the server stopped, and erase it there.",
        )
    if mount.kind in _IN_MEMORY:
        yield Finding(
            f"{instance} lies in memory ({mount.kind}): a restart of the machine loses every matter.",
            "Move the office to an encrypted disk, with the server stopped.",
        )
    yield from _about_access_times(mount)


def _about_access_times(mount: Mount) -> Iterator[Finding]:
    remount = f"mount -o remount,noatime {shlex.quote(str(mount.point))}, and write noatime into /etc/fstab."
    if "noatime" in mount.options or mount.kind in _IN_MEMORY:
        return
    if "relatime" in mount.options:
        yield remark(
            f"{mount.point} notes about once a day when a file was read (relatime): the roster's tells a day on which "
            "somebody claimed to belong here.",
            remount,
        )
    else:
        yield Finding(
            f"{mount.point} notes each time a file is read (strictatime): the roster's dates the last visit.", remount
        )


def is_network(kind: str) -> bool:
    return _NETWORK.fullmatch(kind) is not None


def about_folders(instance: Path) -> Iterator[Finding]:
    """`instance` is resolved: a link must not hide where it leads."""
    synced = next((folder for folder in (instance, *instance.parents) if _is_synced(folder)), None)
    if synced is not None:
        yield Finding(
            f"{synced} looks like a folder that is copied to other machines, with every version of every store.",
            "Move the office out of it, with the server stopped, and erase it there and in its history.",
        )
    served = next((folder for folder in (instance, *instance.parents) if _is_served(folder)), None)
    if served is not None:
        yield Finding(
            f"{served} looks like a folder that a web server gives to everybody.",
            "Move the office elsewhere, for instance to /var/lib/ombuds, with the server stopped.",
        )


def about_copies(place: Path) -> Iterator[Finding]:
    """What seizure tests left in a place, which is `leftovers.MEMORY`; another user's may be in use, who knows."""
    for folder in leftovers.made_in(place):
        with suppress(OSError):
            if not leftovers.is_in_use(folder):
                yield Finding(
                    f"A copy of an office lies in {folder}: a seizure test was killed together with its watcher.",
                    f"The daily job of the user who ran it removes it, or do it now: rm -r {shlex.quote(str(folder))}",
                )


def _is_synced(folder: Path) -> bool:
    name = folder.name.lower()
    is_marked = any((folder / mark).exists() for mark in _SYNC_MARKS)
    return name.startswith(_SYNCED) or name in _SYNCED_EXACTLY or is_marked


def _is_served(folder: Path) -> bool:
    return folder.name.lower() in _SERVED or folder in _SERVED_FOLDERS


def about_git(instance: Path, paths: Sequence[str]) -> Iterator[Finding]:
    """Whether a commit would take secrets or stores along; `paths` are absolute."""
    tree = next((folder for folder in (instance, *instance.parents) if (folder / ".git").exists()), None)
    if tree is None:
        return
    ignored = _ignored_by_git(tree, paths)
    if ignored is None:
        yield remark(
            f"The office lies in the git work tree {tree}, and git could not be asked whether it ignores it.",
            "Move the office out of it, or look with: git status --ignored",
        )
    elif exposed := sorted(Path(path).name for path in set(paths) - ignored):
        yield Finding(
            f"{', '.join(exposed)} lie in the git work tree {tree} and are not ignored: a commit takes them along.",
            "Move the office out of it. If they were committed before, make new secrets: a history forgets nothing.",
        )


def _ignored_by_git(tree: Path, paths: Sequence[str]) -> set[str] | None:
    git = shutil.which("git")
    if git is None:
        return None
    # A repository's own settings must not start a program here, nor another repository answer for this one.
    command = [git, "-C", str(tree), "-c", "core.fsmonitor=false", "check-ignore", "--stdin", "-z"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        answer = subprocess.run(  # noqa: S603 - our own words; the paths go in as text
            command,
            input=os.fsencode("\0".join(paths)),
            env=environment,
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if answer.returncode not in _GIT_ANSWERS:
        return None
    return set(os.fsdecode(answer.stdout).split("\0"))


def _plain(escaped: str) -> str:
    """The kernel writes a space, tab, line end and backslash in octal."""
    for code in ("040", "011", "012", "134"):
        escaped = escaped.replace(f"\\{code}", chr(int(code, 8)))
    return escaped
