"""Events: what is refused, what is kept, and what leaves the public list by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from portal.site import event_rules as rules
from portal.site import events, links, words
from portal.site.event_rules import Wrong
from portal.site.events import Changed, Standing, TooMany
from tests.cast import World
from tests.site.happenings import DUBLIN, KEY, NOW, TALK, on, plan

HOUR = timedelta(hours=1)


def wall(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def test_a_plain_event_is_fine() -> None:
    assert rules.wrongs(TALK, DUBLIN, NOW) == {}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"ends": TALK.starts}, {"ends": Wrong.ENDS}),
        ({"ends": TALK.starts - HOUR}, {"ends": Wrong.ENDS}),
        ({"starts": wall("2026-10-12T14:00"), "ends": wall("2026-10-12T15:00")}, {"day": Wrong.OVER}),
        ({"starts": wall("0001-01-01T00:00"), "ends": wall("0001-01-01T01:00")}, {"day": Wrong.OVER}),
        ({"starts": wall("9999-12-31T22:00"), "ends": wall("9999-12-31T23:00")}, {"day": Wrong.OVER}),
        ({"starts": wall("2027-03-28T01:30"), "ends": wall("2027-03-28T03:00")}, {"starts": Wrong.SKIPPED}),
        ({"starts": wall("2027-03-28T00:30"), "ends": wall("2027-03-28T01:30")}, {"ends": Wrong.SKIPPED}),
        ({"link": "http://video.example.org"}, {"link": Wrong.LINK}),
        ({"link": "", "place": ""}, {"place": Wrong.NOWHERE}),
    ],
)
def test_what_cannot_be_is_named_by_its_field(changes: dict[str, object], wrong: dict[str, Wrong]) -> None:
    assert rules.wrongs(replace(TALK, **changes), DUBLIN, NOW) == wrong  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "https://",
        "https://localhost",
        "https://a b.example",
        "https://eve:secret@example.org/",
        "https://example.org/\n",
        'https://example.org/"x',
        "//example.org",
        "mailto:ola@example.org",
        "https://example.org/" + "x" * rules.LINK_LIMIT,
    ],
)
def test_a_link_that_is_not_safe_is_none(link: str) -> None:
    assert not rules.is_link(link)


@pytest.mark.parametrize(
    "link", ["https://video.example.org", "https://video.example.org/a?b=c#d", "https://vidéo.example/é"]
)
def test_a_link_to_another_site_is_one(link: str) -> None:
    assert rules.is_link(link)


@pytest.mark.parametrize("own", ["video.example.org", "vidéo.example"])
def test_a_link_to_the_offices_own_site_is_none(own: str) -> None:
    host = links.host_of(f"https://{own}")
    link = f"https://www.{own}:8443/say"

    assert rules.is_link(link, "times.example.org")
    assert not rules.is_link(link, host)
    assert rules.wrongs(replace(TALK, link=link), DUBLIN, NOW, host) == {"link": Wrong.LINK}


@pytest.mark.parametrize(("day", "hours"), [("2027-03-28", 1.5), ("2027-10-31", 3.5), ("2027-06-01", 2.5)])
def test_an_event_over_a_change_of_clocks_starts_and_ends_as_the_wall_says(day: str, hours: float) -> None:
    found = events.made(KEY, replace(TALK, starts=wall(f"{day}T00:30"), ends=wall(f"{day}T03:00")), DUBLIN)

    assert [each.astimezone(DUBLIN).strftime("%H:%M") for each in (found.starts, found.ends)] == ["00:30", "03:00"]
    assert (found.ends - found.starts) / HOUR == hours


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    assert rules.instant(wall("2027-10-31T01:30"), DUBLIN) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("title", ["A talk", "C# and *stars* [x](y)", "1. & <b>", "`a_b_c` ~ {office} #", "شاي 🫖"])
def test_title_and_text_come_back_as_they_were_typed(title: str) -> None:
    assert rules.as_typed(rules.as_markdown(title, "Come *in*.\n\nSit down.")) == (title, "Come *in*.\n\nSit down.")


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("Come *in*.", None),
        ("", None),
        ("# Another title", Wrong.HEADING),
        ("Two\n---", Wrong.HEADING),
        ("### Three", Wrong.HEADING),
        ("<b>x</b>", Wrong.MARKS),
        ("![x](https://example.org/x.png)", Wrong.MARKS),
        ("[x](javascript:alert)", Wrong.MARKS),
    ],
)
def test_words_below_the_title_are_plain(typed: str, wrong: Wrong | None) -> None:
    assert rules.wrong_text(typed) == wrong


def test_what_is_to_come_is_in_order_and_what_is_over_leaves_by_itself(world: World) -> None:
    days = [date(2027, 10, number) for number in (14, 12, 13)]
    for number, day in enumerate(days):
        plan(world, on(day), key=f"{number:016x}")
    zone = world.settings.zone
    with world.stores.site.reading() as site:
        before = [each.facts.starts.day for each in events.coming(site, zone, NOW)]
        during = [
            each.facts.starts.day for each in events.coming(site, zone, datetime(2027, 10, 12, 14, 59, tzinfo=UTC))
        ]
        after = [each.facts.starts.day for each in events.coming(site, zone, datetime(2027, 10, 12, 15, tzinfo=UTC))]

        assert (before, during, after) == ([12, 13, 14], [12, 13, 14], [13, 14])
        assert len(events.everything(site, zone)) == 3


def test_two_who_change_an_event_at_once_are_told(world: World) -> None:
    plan(world, TALK)
    with world.stores.site.writing() as site:
        found = events.standing(site, KEY, "en")
        kept = {"mark": found.mark, "zone": world.settings.zone, "now": NOW}
        first = events.keep(site, KEY, replace(TALK, place="Hall 3"), "en", found.words.text, **kept)  # type: ignore[arg-type]
        second = events.keep(site, KEY, replace(TALK, place="Hall 4"), "en", found.words.text, **kept)  # type: ignore[arg-type]
        again = events.keep(site, KEY, replace(TALK, place="Hall 3"), "en", found.words.text, **kept)  # type: ignore[arg-type]
        gone = events.remove(site, KEY, "en", mark=found.mark)

    assert isinstance(first, Standing)
    assert isinstance(second, Changed)
    assert second.now.facts == first.facts
    assert again == first, "a form that is sent twice"
    assert isinstance(gone, Changed)


def test_words_go_back_one_step_and_the_facts_stay(world: World) -> None:
    plan(world, TALK, "A talk")
    plan(world, replace(TALK, place="Hall 3"), "A long talk")
    with world.stores.site.writing() as site:
        back = events.take_back(site, KEY, "en", mark=events.standing(site, KEY, "en").mark)

    assert isinstance(back, Standing)
    assert rules.as_typed(back.words.text)[0] == "A talk"
    assert back.facts
    assert back.facts.place == "Hall 3"


def test_an_event_that_is_taken_away_leaves_no_words(world: World) -> None:
    plan(world, TALK)
    plan(world, TALK, "Une causerie", lang="fr")
    with world.stores.site.writing() as site:
        assert events.remove(site, KEY, "fr", mark=events.standing(site, KEY, "fr").mark) is None
        assert words.find(site, events.key_of(KEY), "en") is None
        assert events.everything(site, world.settings.zone) == []
        assert events.remove(site, KEY, "fr", mark="") is None


def test_no_more_are_to_come_than_a_page_can_bear(world: World) -> None:
    for number in range(rules.MOST):
        plan(world, TALK, key=f"{number:016x}")
    with world.stores.site.writing() as site:
        found = events.standing(site, "f" * 16, "en")
        done = events.keep(site, "f" * 16, TALK, "en", "# x", mark=found.mark, zone=DUBLIN, now=NOW)
        later = datetime(2027, 10, 13, tzinfo=UTC)
        new = on(date(2027, 10, 14))
        room = events.keep(site, "f" * 16, new, "en", "# x", mark=found.mark, zone=DUBLIN, now=later)

    assert isinstance(done, TooMany)
    assert isinstance(room, Standing)


def test_one_that_was_over_needs_room_like_a_new_one_when_it_is_put_ahead_again(world: World) -> None:
    plan(world, on(date(2027, 1, 3)))
    for number in range(rules.MOST):
        plan(world, TALK, key=f"{number:016x}")
    with world.stores.site.writing() as site:
        over, last = events.standing(site, KEY, "en"), events.standing(site, "0" * 16, "en")
        ahead = events.keep(site, KEY, TALK, "en", "# x", mark=over.mark, zone=DUBLIN, now=NOW)
        moved = events.keep(site, "0" * 16, on(date(2027, 10, 14)), "en", "# x", mark=last.mark, zone=DUBLIN, now=NOW)

    assert isinstance(ahead, TooMany)
    assert isinstance(moved, Standing), "one of the twenty keeps its place"


def test_every_change_counts_up_so_that_a_newer_file_holds(world: World) -> None:
    plan(world, TALK)
    plan(world, replace(TALK, place="Hall 3"))
    plan(world, replace(TALK, place="Hall 3"), "Une causerie", lang="fr")
    with world.stores.site.writing() as site:
        events.take_back(site, KEY, "fr", mark=events.standing(site, KEY, "fr").mark)
        (found,) = events.everything(site, world.settings.zone)

    assert found.changes == 3


@pytest.mark.parametrize(("changes", "read"), [("'many'", 0), ("-1", 0), ("x'00ff'", 0), (str(2**40), 2**31 - 2)])
def test_a_count_that_an_operator_garbled_is_still_a_number(world: World, changes: str, read: int) -> None:
    plan(world, TALK)
    with world.stores.site.writing() as site:
        site.execute(text(f"UPDATE event SET changes = {changes}"))  # noqa: S608 - of the list above
        (found,) = events.everything(site, world.settings.zone)
        assert found.changes == read


@pytest.mark.parametrize(
    "change",
    [
        "starts = 'soon'",
        "starts = '2027-13-40T99:99'",
        "starts = ends",
        "starts = x'00ff'",
        "ends = '0001-01-01T00:00'",
        "id = 'x'",
    ],
)
def test_what_an_operator_garbled_is_passed_over(world: World, change: str) -> None:
    plan(world, TALK)
    with world.stores.site.writing() as site:
        site.execute(text(f"UPDATE event SET {change}"))  # noqa: S608 - of the list above
        assert events.everything(site, world.settings.zone) == []


def test_a_link_that_an_operator_put_there_is_not_shown_unless_it_is_safe(world: World) -> None:
    plan(world, TALK)
    with world.stores.site.writing() as site:
        site.execute(text("UPDATE event SET link = 'javascript:alert(1)'"))
        (found,) = events.everything(site, world.settings.zone)
        assert found.facts.link == ""
