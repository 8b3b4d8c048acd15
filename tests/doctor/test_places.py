"""Where the office's folder lies: on what disk, in which folders, in a work tree of git or not."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import mkdtemp

import pytest

from portal import leftovers
from portal.doctor.machine import Machine
from portal.doctor.places import Mount, about_copies, about_folders, about_git, about_mount, find_mount, read_mounts
from tests.cast import World
from tests.doctor.healthy import everything_found, found_in, grave, said

MOUNTS = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
28 27 254:1 / /srv rw,noatime shared:2 master:3 - ext4 /dev/vdb rw
29 28 0:40 / /srv/office\040of\134tests rw - nfs4 files:/export rw,addr=10.0.0.1
30 28 254:2 /sub /srv/twice rw,relatime - ext4 /dev/vdc rw
31 30 254:3 / /srv/twice rw,noatime - xfs /dev/vdd rw
"""
OFFICE = Path("/srv/office")


def mount(kind: str = "ext4", *options: str) -> Mount:
    return Mount(Path("/srv"), kind, frozenset(options or ("rw", "noatime")))


@pytest.mark.parametrize(
    ("path", "point", "kind"),
    [
        ("/srv/office", "/srv", "ext4"),
        ("/srv", "/srv", "ext4"),
        ("/srvs/office", "/", "ext4"),
        ("/srv/office of\\tests/desk.db", "/srv/office of\\tests", "nfs4"),
        ("/srv/twice/office", "/srv/twice", "xfs"),
    ],
)
def test_the_mount_of_a_folder_is_found(path: str, point: str, kind: str) -> None:
    found = find_mount(Path(path), read_mounts(MOUNTS))

    assert found is not None
    assert (str(found.point), found.kind) == (point, kind)


def test_without_mounts_there_is_nothing_to_judge() -> None:
    assert find_mount(OFFICE, None) is None
    assert find_mount(OFFICE, read_mounts("nonsense\n1 2 - x\n- - -\n")) is None
    assert list(about_mount(OFFICE, None)) == []


def test_a_local_disk_without_access_times_is_well() -> None:
    assert list(about_mount(OFFICE, mount())) == []


@pytest.mark.parametrize(
    "kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "fuse.rclone", "ceph", "virtiofs", "fuse.s3fs"]
)
def test_a_network_file_system_is_found(kind: str) -> None:
    (found,) = about_mount(OFFICE, mount(kind))

    assert f"network file system ({kind})" in found.what
    assert found.is_grave


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "zfs", "fuse.gocryptfs", "fuseblk", "overlay"])
def test_a_local_file_system_is_none(kind: str) -> None:
    assert list(about_mount(OFFICE, mount(kind))) == []


def test_an_office_in_memory_is_found() -> None:
    (found,) = about_mount(OFFICE, mount("tmpfs", "rw", "relatime"))

    assert "a restart of the machine loses every matter" in found.what


def test_access_times_date_the_last_visit() -> None:
    (each_time,) = about_mount(OFFICE, mount("ext4", "rw"))
    (once_a_day,) = about_mount(OFFICE, mount("ext4", "rw", "relatime"))

    assert ("strictatime" in each_time.what, each_time.is_grave) == (True, True)
    assert ("relatime" in once_a_day.what, once_a_day.is_grave) == (True, False)
    assert once_a_day.what_to_do.startswith("mount -o remount,noatime /srv, ")


def test_the_mount_is_looked_at_in_a_real_office(healthy: World, on: Machine) -> None:
    planted = Machine(**{**vars(on), "mounts": (Mount(Path("/"), "nfs4", frozenset({"rw", "relatime"})),)})

    assert [each.split(" (")[0] for each in found_in(healthy, planted)] == [
        f"{healthy.instance.resolve()} lies on a network file system",
        "/ notes about once a day when a file was read",
    ]


@pytest.mark.parametrize(
    "name",
    ["Dropbox", "Dropbox (Office)", "OneDrive - Alder", "Google Drive", "Nextcloud", "iCloudDrive", "Mobile Documents"],
)
def test_a_folder_that_is_copied_elsewhere_is_found(tmp_path: Path, name: str) -> None:
    (found,) = about_folders(tmp_path / name / "office")

    assert found.what.startswith(f"{tmp_path / name} looks like a folder that is copied to other machines")
    assert found.is_grave


@pytest.mark.parametrize("mark", [".stfolder", ".dropbox.cache", ".owncloudsync.log"])
def test_a_folder_with_the_mark_of_a_copier_is_found(tmp_path: Path, mark: str) -> None:
    assert list(about_folders(tmp_path / "office")) == []
    (tmp_path / mark).mkdir()

    assert grave(about_folders(tmp_path / "office")) == [True]


@pytest.mark.parametrize("folder", ["/var/www/html/office", "/home/ola/public_html/office", "/srv/http/office"])
def test_a_folder_that_is_served_is_found(folder: str) -> None:
    (found,) = about_folders(Path(folder))

    assert "that a web server gives to everybody" in found.what
    assert list(about_folders(Path("/var/lib/ombuds"))) == []


def test_a_link_does_not_hide_where_the_office_lies(healthy: World, on: Machine, tmp_path: Path) -> None:
    synced = tmp_path / "Dropbox"
    synced.mkdir()
    healthy.instance.rename(synced / "office")
    healthy.instance.symlink_to(synced / "office")

    assert [each.split(" looks")[0] for each in found_in(healthy, on)] == [str(synced.resolve())]


@pytest.fixture
def tree(healthy: World) -> Path:
    """A work tree of git around the office."""
    if shutil.which("git") is None:
        said_so = "git was not found: install your system's package 'git' to test what lies in a work tree."
        if os.environ.get("CI") == "true":
            pytest.fail(said_so)
        pytest.skip(said_so)
    folder = healthy.instance.parent
    subprocess.run(["git", "init", "-q", folder], check=True, timeout=20)
    return folder


def test_an_office_in_a_work_tree_is_found_unless_git_ignores_it(healthy: World, on: Machine, tree: Path) -> None:
    (found,) = found_in(healthy, on)
    assert f"desk.db, keys.db, portal.toml, roster.db, secrets.toml, site.db lie in the git work tree {tree}" in found

    (tree / ".gitignore").write_text("*.db\n")
    (found,) = found_in(healthy, on)
    assert found.startswith("portal.toml, secrets.toml lie in")

    (tree / ".gitignore").write_text("instance/*\n")
    assert found_in(healthy, on) == []


def test_secrets_that_were_committed_are_found_although_they_are_ignored_now(
    healthy: World, on: Machine, tree: Path
) -> None:
    (tree / ".gitignore").write_text("instance/*\n")
    subprocess.run(["git", "-C", tree, "add", "-f", "instance/secrets.toml"], check=True, timeout=20)
    (found,) = found_in(healthy, on)

    assert found.startswith("secrets.toml lie in the git work tree")


def test_a_work_tree_that_git_does_not_know_is_worth_a_remark(tmp_path: Path, tree: Path) -> None:
    shutil.rmtree(tree / ".git")
    (tree / ".git").write_text("gitdir: nowhere\n")
    found = list(about_git(tmp_path, [str(tmp_path / "secrets.toml")]))

    assert grave(found) == [False]
    assert "git could not be asked" in said(found)[0]


def test_a_copy_that_a_killed_seizure_test_left_in_memory_is_found(tmp_path: Path) -> None:
    left, in_use = (Path(mkdtemp(prefix=leftovers.PREFIX, dir=tmp_path)) for _ in range(2))
    (tmp_path / ".seizure-notes").mkdir()
    (tmp_path / ".seizure-abcdefgh").write_text("a file")
    held = leftovers.hold(in_use, wait=True)
    try:
        (found,) = about_copies(tmp_path)
    finally:
        os.close(held)

    assert f"A copy of an office lies in {left}" in found.what
    assert found.is_grave


def test_the_doctor_looks_for_such_copies_in_memory(healthy: World, on: Machine) -> None:
    """A daily job anywhere on this machine may remove the copy just now; then there is nothing to find."""
    for _ in range(5):
        left = Path(mkdtemp(prefix=leftovers.PREFIX, dir=leftovers.MEMORY))
        found = everything_found(healthy, on)
        if left.exists():
            left.rmdir()
            assert any(str(left) in each for each in found)
            return
    pytest.fail("no copy lay there long enough to be found")
