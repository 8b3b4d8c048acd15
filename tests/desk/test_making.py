"""Ola makes a matter for somebody on the phone, and gives new words to somebody who lost theirs."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from portal import clock, create_app
from portal.desk import making, service
from portal.desk.making import NoLocker, OtherWords, Paper, TimeGone, Wanted
from portal.desk.service import MatterView
from portal.intake import reading, returning
from portal.intake.returning import NothingThere, Opened, Said
from portal.intake.rules import Share, Stub
from portal.intake.service import Receipt
from portal.office.rules import DeskKeys
from portal.scheduling.rules import Mode
from portal.sealing import words
from tests.cast import MEI, VERA, World
from tests.desk.test_open_desks import Ola
from tests.intake.sealed import ask_desk, bytes_of, used_lockers
from tests.visiting import fields_of

ROBIN = Stub(Share.NOTHING, topic="manager", call_name="Robin", needs="An interpreter")
VERAS = "amber bagpipe cabbage daybreak eagle fabric"


@pytest.fixture
def at_her_browser(world: World) -> Iterator[Ola]:
    ola = Ola(world, create_app(world.instance))
    ola.open_desk()
    yield ola
    world.refresh()


def by_words(world: World, typed: str) -> Opened | NothingThere:
    return returning.come_back(world.stores, typed, settings=world.settings)


def made(world: World, ola: DeskKeys, wanted: Wanted, typed: str | None = None) -> Paper:
    paper = making.make(world.at_desk(ola), typed or words.draw(), wanted)
    assert isinstance(paper, Paper)
    return paper


def lookup_of(world: World, ola: DeskKeys, locker: bytes) -> bytes:
    found = service.open_matter(world.at_desk(ola), locker)
    assert isinstance(found, MatterView)
    return found.matter.lookup


def give(world: World, ola: DeskKeys, locker: bytes) -> str:
    """New words, as a page that was just opened gives them."""
    given = making.give_new_words(world.at_desk(ola), locker, words.draw(), lookup_of(world, ola, locker))
    assert isinstance(given, str)
    return given


def test_a_matter_made_at_the_desk_opens_for_both(world: World, ola: DeskKeys) -> None:
    free = world.offers()[3]
    paper = made(world, ola, Wanted(stub=ROBIN, mode=Mode.in_person, slot=free.id))

    theirs, hers = by_words(world, paper.words), service.open_matter(world.at_desk(ola), paper.locker)
    assert isinstance(theirs, Opened)
    assert isinstance(hers, MatterView)
    assert theirs.matter == hers.matter
    assert (hers.matter.by_desk, hers.matter.stub.call_name) == (True, "Robin")
    assert [(each.starts, each.mode) for each in hers.matter.meetings] == [(free.starts, "in-person")]
    assert hers.matter.meetings[0].venue.door
    assert ask_desk(world, "SELECT count(*) FROM slot WHERE state = 9") == [(1,)]


def test_it_may_have_a_time_of_its_own_or_none(world: World, ola: DeskKeys) -> None:
    now = made(world, ola, Wanted(stub=ROBIN, starts=clock.now()))
    none = made(world, ola, Wanted(stub=ROBIN))

    assert now.meeting is not None
    assert none.meeting is None
    assert ask_desk(world, "SELECT count(*) FROM slot WHERE state = 9") == [(0,)]
    assert len(used_lockers(world)) == 2


def test_a_form_that_is_sent_twice_makes_one_matter(world: World, ola: DeskKeys) -> None:
    typed = words.draw()
    first = made(world, ola, Wanted(stub=ROBIN), typed)

    assert made(world, ola, Wanted(stub=ROBIN), typed) == first
    assert len(used_lockers(world)) == 1


def test_a_time_that_a_visitor_takes_in_the_same_moment_goes_to_one_of_them(world: World, ola: DeskKeys) -> None:
    slot = world.offers()[2].id

    def ola_takes(_number: int) -> bool:
        return isinstance(making.make(world.at_desk(ola), words.draw(), Wanted(stub=ROBIN, slot=slot)), Paper)

    def somebody_takes(_number: int) -> bool:
        return isinstance(world.book(None, slots=[slot]), Receipt)

    with ThreadPoolExecutor(4) as threads:
        done = [*threads.map(ola_takes, range(2)), *threads.map(somebody_takes, range(2))]
    assert done.count(True) == 1
    assert ask_desk(world, "SELECT count(*) FROM slot WHERE state = 9") == [(1,)]


def test_a_time_that_is_gone_and_a_desk_without_lockers_are_told(world: World, ola: DeskKeys) -> None:
    slot = world.offers()[2].id
    world.book(VERA, slots=[slot])
    assert making.make(world.at_desk(ola), words.draw(), Wanted(stub=ROBIN, slot=slot)) == TimeGone()
    ask_desk(world, "UPDATE locker SET state = 9 WHERE state = 8")

    assert making.make(world.at_desk(ola), words.draw(), Wanted(stub=ROBIN)) == NoLocker()


def test_new_words_open_the_matter_and_the_old_ones_nothing(world: World, ola: DeskKeys) -> None:
    world.book(VERA, typed=VERAS, share="name")
    (locker,) = used_lockers(world)
    service.unlock(world.at_desk(ola))
    given = give(world, ola, locker)

    assert by_words(world, VERAS) == NothingThere()
    assert isinstance(by_words(world, given), Opened)
    assert isinstance(service.open_matter(world.at_desk(ola), locker), MatterView)
    said = Said("1" * 16, "It is me again.")
    assert isinstance(returning.write(world.stores, given, said, settings=world.settings, now=clock.now()), Opened)
    visit = service.unlock(world.at_desk(ola)).visit
    assert (visit.gone, visit.is_lost) == (0, False)
    assert isinstance(service.open_matter(world.at_desk(ola), locker), MatterView)


def test_a_crash_between_new_words_and_their_line_in_the_ledger_calls_nobody_a_forger(
    world: World, ola: DeskKeys
) -> None:
    """The ledger's line of before is struck out first: put back to that moment, it knows nothing of the matter."""
    world.book(MEI, typed=VERAS)
    (locker,) = used_lockers(world)
    service.unlock(world.at_desk(ola))
    reading.forget(world.stores, ola, locker)
    ledger = (world.instance / "keys.db").read_bytes()
    assert give(world, ola, locker)
    (world.instance / "keys.db").write_bytes(ledger)
    world.refresh()

    assert isinstance(service.open_matter(world.at_desk(ola), locker), MatterView)
    later = world.at_desk(ola, clock.now() + timedelta(hours=9))
    assert service.unlock(later).visit.gone == 0


@pytest.mark.parametrize("key", [b"x" * 16, b""])
def test_new_words_for_what_is_not_there_change_nothing(world: World, ola: DeskKeys, key: bytes) -> None:
    assert making.give_new_words(world.at_desk(ola), key, words.draw(), b"") is None


def test_the_same_new_words_are_given_once_and_others_not_over_them(world: World, ola: DeskKeys) -> None:
    world.book(VERA, typed=VERAS)
    (locker,) = used_lockers(world)
    before, at = lookup_of(world, ola, locker), world.at_desk(ola)
    first, second = words.draw(), words.draw()
    assert making.give_new_words(at, locker, first, before) == first
    boxes = bytes_of(world)

    assert making.give_new_words(at, locker, first, before) == first
    assert making.give_new_words(at, locker, second, before) == OtherWords()
    assert bytes_of(world) == boxes
    assert isinstance(by_words(world, first), Opened)


def test_two_presses_in_one_moment_give_the_same_words(world: World, ola: DeskKeys) -> None:
    world.book(VERA, typed=VERAS)
    (locker,) = used_lockers(world)
    before, typed = lookup_of(world, ola, locker), words.draw()
    with ThreadPoolExecutor(2) as threads:
        done = [*threads.map(lambda _n: making.give_new_words(world.at_desk(ola), locker, typed, before), range(2))]
    assert typed in done
    assert isinstance(by_words(world, typed), Opened)
    assert isinstance(service.open_matter(world.at_desk(ola), locker), MatterView)


def test_on_the_page_of_a_new_matter_the_six_words_come_once_and_open_it(world: World, at_her_browser: Ola) -> None:
    page = at_her_browser.browser.get("/desk/make").text
    hidden = dict(re.findall(r'name="(csrf_token|ticket)"[^>]*value="([^"]+)"', page))
    typed_in = {"call_name": "Robin", "slot": "", "mode": "phone", "topic": "", "people": "1"}
    answer = at_her_browser.browser.post("/desk/make", data=hidden | typed_in).text

    typed = " ".join(re.findall(r"<li>(\w+) </li>", answer))
    assert isinstance(by_words(world, typed), Opened)
    assert typed not in at_her_browser.browser.get("/desk/").text


def test_new_words_are_shown_once_after_the_rule_was_read(world: World, at_her_browser: Ola) -> None:
    world.book(VERA, typed=VERAS)
    (locker,) = used_lockers(world)
    path = f"/desk/matter/{locker.hex()}/words"
    assert "Never by e-mail" in at_her_browser.browser.get(path).text

    form = dict(fields_of(at_her_browser.browser.get(path).text))
    late = dict(fields_of(at_her_browser.browser.get(path).text))
    papers = [at_her_browser.browser.post(path, data=form).text for _ in range(2)]
    typed, again = (" ".join(re.findall(r"<li>(\w+) </li>", paper)) for paper in papers)
    assert isinstance(by_words(world, typed), Opened)
    assert by_words(world, VERAS) == NothingThere()
    assert again == typed, "the page was opened anew"

    assert at_her_browser.browser.post(path, data=late).status_code == 302
    assert "got other words" in at_her_browser.browser.get("/desk/").text
    assert "rested too long" in at_her_browser.browser.post(path, data=form | {"ticket": "feed"}).text
    assert isinstance(by_words(world, typed), Opened)
