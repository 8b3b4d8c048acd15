"""Every check of the seizure test finds what is planted for it, and is quiet where nothing is."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from portal.config import SECRET_NAMES
from portal.intake import service as intake
from portal.sealing import words
from portal.seizure import answers, attack, crowd, lying, papers, plants, twins
from portal.seizure.files import Employee
from portal.seizure.needles import LABELS, Dictionary, of_staff
from portal.seizure.results import Check, NotPossible, Scene
from tests import cast
from tests.cast import OLA_NAME, VERA, World
from tests.promises.day_of_visits import LABEL, PORTAL_CODE
from tests.seizure.leaks import LEAKS, Leak
from tests.seizure.taken import booked, check, few, personal, seized

pytestmark = pytest.mark.xdist_group("seizure-command")


@pytest.fixture(scope="module")
def visited(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    return booked(first_world.copy(tmp_path_factory.mktemp("visited") / "instance"))


@pytest.fixture
def office(visited: World, tmp_path: Path) -> World:
    return visited.copy(tmp_path / "instance")


@pytest.fixture
def scene(office: World, tmp_path: Path) -> Iterator[Scene]:
    with seized(office, tmp_path / "work") as found:
        yield found


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: f"{leak.name}, {leak.check}")
def test_a_planted_leak_is_found_and_nobody_is_named(leak: Leak, office: World, tmp_path: Path) -> None:
    leak.plant(office)
    with seized(office, tmp_path / "work") as scene:
        found = check(leak.check).look(scene)
    assert any(leak.trace in each for each in found), found
    assert leak.check == "remains" or personal(" ".join(found)) == []


@pytest.mark.parametrize("name", ["people", "papers", "lengths", "times", "order", "remains", "alike", "roster"])
def test_a_quiet_office_has_nothing_to_find(name: str, scene: Scene) -> None:
    assert list(check(name).look(scene)) == []


def test_the_control_names_the_check_that_overlooks_its_plant(scene: Scene) -> None:
    blind = [Check("lengths", "", lambda _scene: []), check("order")]
    assert plants.control(scene, iter(blind)) == ["lengths"]
    assert plants.control(scene, iter(attack.CHECKS)) == []
    assert plants.PLANTS.keys() == {"people", "lengths", "times", "order", "remains"}
    assert not (scene.work / "planted").exists()


def test_every_label_in_the_code_is_tried() -> None:
    assert {label + b"\0" for path in PORTAL_CODE.rglob("*.py") for label in LABEL.findall(path.read_bytes())} == set(
        LABELS
    )


def test_a_table_that_grows_by_chance_shows_in_the_footprint(scene: Scene) -> None:
    """As a cache or a log in the store would: a visit no longer leaves what a decoy leaves.

    What each change adds has one of about a thousand lengths in blocks: three that agree are one run in a million.
    """
    with closing(sqlite3.connect(scene.copy / "desk.db")) as desk, desk:
        desk.execute("CREATE TABLE seen (id BLOB PRIMARY KEY, what BLOB) WITHOUT ROWID")
        desk.execute(
            "CREATE TRIGGER note AFTER UPDATE ON locker BEGIN "
            "INSERT INTO seen VALUES (randomblob(16), zeroblob(abs(random() % 8000000))); END"
        )
    assert any("desk.db" in each for each in twins.look(scene))


def test_a_practice_that_books_shows_in_the_footprint(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "practise_meeting", intake.request_meeting)
    assert any("only practises changes desk.db" in each for each in twins.look(scene))


@pytest.mark.parametrize("around", ["{}", "words={}&x", "\x01x{}q\x02", "{}able"])
def test_six_words_are_read_whatever_sticks_to_them(around: str) -> None:
    typed = "abacus abdomen zoology bamboo duckling enamel"
    assert typed in set(papers.passphrases(around.format(typed.replace(" ", "-"))))
    assert list(papers.passphrases("abacus abdomen, nothingofthelist, zoology bamboo duckling enamel")) == []


def test_what_hides_behind_many_rows_of_six_words_is_no_good_news(office: World, tmp_path: Path) -> None:
    """Each row costs a second or so to try: whoever leaves forty of them may not make a true one pass unseen."""
    rows = "\n".join(f"{words.draw()} xqxq" for _ in range(40))
    (office.instance / "a-list.txt").write_text(rows)
    (office.instance / "z-typed.txt").write_text(office.kit.passphrase)
    with seized(office, tmp_path / "work") as scene:
        found = papers.look(scene)
    assert "a-list.txt: rows of six words in clear, more than are tried" in found
    assert any(each.startswith("z-typed.txt: ") for each in found)


def test_a_roster_that_is_none_or_has_more_in_it_is_found(office: World, tmp_path: Path) -> None:
    with closing(sqlite3.connect(office.instance / "roster.db")) as roster, roster:
        roster.execute(f'CREATE VIEW "{VERA.email}" AS SELECT 1')
        roster.execute("CREATE TRIGGER came AFTER INSERT ON meta BEGIN SELECT 1; END")
    with seized(office, tmp_path / "work") as scene:
        assert crowd.look(scene) == [
            "roster.db: a trigger that the portal does not make",
            "roster.db: a view that the portal does not make",
        ]
        (scene.copy / "roster.db").write_text(VERA.email)
        assert crowd.look(scene) == ["roster.db: not a roster that the portal made"]


def test_a_different_answer_is_named() -> None:
    page = (200, 49152, "Please check")
    asked = {"a free time, a wrong code": page, "the taken time, no code": page}
    assert answers.differing(asked, asked) == []
    assert answers.differing(asked, asked | {"the taken time, no code": (200, 49152, "Booked before")}) == [
        "the taken time, no code"
    ]


def test_an_office_without_times_says_what_is_missing(scene: Scene) -> None:
    with closing(sqlite3.connect(scene.copy / "desk.db")) as desk, desk:
        desk.execute("UPDATE slot SET state = 9")
    with pytest.raises(NotPossible, match="free time"):
        twins.look(scene)
    with pytest.raises(NotPossible, match="free time"):
        answers.look(scene)
    (scene.copy / "roster.db").unlink()
    with pytest.raises(NotPossible, match="no roster"):
        lying.roster_unchanged(scene)
    with pytest.raises(NotPossible, match="two people"):
        answers.look(scene)


def test_an_ombuds_on_the_list_and_words_of_the_schema_are_nobody(office: World, tmp_path: Path) -> None:
    """Ola is staff too, and somebody's mailbox may be called like a table or a column."""
    names = [
        Employee(OLA_NAME, ("ola.brandt@example.org",)),
        Employee("", ("practice@example.org",)),
        Employee("", ("locker@example.org",)),
        Employee("Destroy On", ("destroy_on@example.org",)),
        Employee(cast.LIBRARY.name, ("office@example.org",)),
    ]
    with seized(office, tmp_path / "work", *names) as scene:
        assert crowd.look(scene) == []


def test_times_and_numbers_in_a_log_are_nobody(office: World, tmp_path: Path) -> None:
    """Any eight digits begin somebody's digest when the list is long enough; only a whole one counts."""
    with (office.instance / "cron.log").open("w") as log:
        for number in range(4000):
            log.write(f"2026-11-22 05:24:{number % 60:02} {1_763_791_200 + number * 7919} {os.urandom(6).hex()}\n")
    (office.instance / "windows.log").write_text("2026-11-22 0123456789abcdef\n" * 200, "utf-16-le")
    with seized(office, tmp_path / "work") as scene:
        assert crowd.look(scene) == []


def test_a_short_name_is_found_in_words_and_not_in_noise(scene: Scene) -> None:
    """Five letters stand in every megabyte of random bytes now and then, but in no readable line by chance."""
    person = Employee("Wei Li", ("weili@example.org",))
    dictionary = Dictionary(
        lambda: of_staff([person], crowd.haystack_of(scene.copy, scene.settings.secrets, scene.now.date()).keys)
    )
    assert {hit.kind for hit in dictionary.search({"log": b"12:00 GET /book weili 200 OK"})} == {"an address"}
    noise = Random(11).randbytes(200)  # noqa: S311 - the same in every run
    assert dictionary.search({"box": noise + b"\0weili\0" + noise}) == []


def test_a_short_name_in_a_cell_is_found(office: World, tmp_path: Path) -> None:
    with closing(sqlite3.connect(office.instance / "site.db")) as site, site:
        site.execute("CREATE TABLE guest (id BLOB PRIMARY KEY, name TEXT) WITHOUT ROWID")
        site.execute("INSERT INTO guest VALUES (randomblob(16), 'wei li')")
    with seized(office, tmp_path / "work", Employee("Wei Li", ("w@example.org",))) as scene:
        assert crowd.look(scene) == ["site.db: a name of the staff list"]


def test_many_people_are_tried_in_chunks_on_every_core(office: World, tmp_path: Path) -> None:
    """Vera stands in the last of three chunks; how far it is, is told."""
    (office.instance / "server.log").write_text(f"{VERA.name}\n")
    crowd_of = [Employee(f"Qx{number} Zyxwv{number}", ()) for number in range(2 * crowd.CHUNK)]
    told: list[int] = []
    with seized(office, tmp_path / "work") as scene:
        found = crowd.look(replace(scene, staff=[*crowd_of, *few(office).people], say=told.append))
    assert found == ["server.log: a name of the staff list"]
    assert told[-1] == 2 * crowd.CHUNK + len(few(office).people)
    assert len(told) == 3


def test_every_secret_and_the_last_year_of_quarters_are_tried(scene: Scene) -> None:
    keys = crowd.keys_of(scene.settings.secrets, scene.now.date())
    assert keys.secrets.keys() == set(SECRET_NAMES)
    assert len(keys.periods) >= 4


def test_bytes_as_random_as_each_other_are_called_alike() -> None:
    """With 255 degrees of freedom chi-square passes 377 once in a million, and our bound less often."""
    assert 377 < lying.bound() < 400
    assert lying.bound(1_000_000) == pytest.approx(377, abs=2)
    chance = Random(11)  # noqa: S311 - the same dice each time, so that no run fails by chance
    for _ in range(50):
        one, other = (lying._counts(chance.randbytes(20_000)) for _ in range(2))
        assert not lying._is_uneven(one)
        assert not lying._differ(one, other)
    assert lying._is_uneven(lying._counts(chance.randbytes(20_000) + bytes(600)))
    assert lying._differ(lying._counts(chance.randbytes(20_000)), lying._counts(chance.randbytes(20_000) + bytes(800)))
