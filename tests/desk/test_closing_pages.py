"""The pages on which Ola closes, counts and corrects: nothing is lost by a slip, and she sees exactly what is kept."""

import re
from collections.abc import Iterator

import pytest

from portal import create_app
from portal.reporting.concerns import LABELS
from tests.cast import VERA, World
from tests.desk.test_open_desks import Ola
from tests.intake.sealed import ask_file, used_lockers
from tests.visiting import fields_of

VERAS = "amber bagpipe cabbage daybreak eagle fabric"
WRONG = "zoom zoom zoom zoom zoom zoom"


@pytest.fixture
def ola(world: World) -> Iterator[Ola]:
    world.book(VERA, typed=VERAS, share="profile")
    ola = Ola(world, create_app(world.instance))
    ola.open_desk()
    yield ola
    world.refresh()


@pytest.fixture
def path(world: World, ola: Ola) -> str:
    """Where Vera's matter is closed."""
    assert ola.world is world
    (locker,) = used_lockers(world)
    return f"/desk/matter/{locker.hex()}/close"


def send(ola: Ola, page: str, to: str, **values: str) -> str:
    """A form as its page filled it, with some fields changed; gives where the answer leads, or its text."""
    kept = [(name, value) for name, value in fields_of(page) if name not in values]
    answer = ola.browser.post(to, data=_lists([*kept, *values.items()]))
    return answer.headers.get("Location", answer.text)


def _lists(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def numbers(page: str) -> list[str]:
    """The rows of the tables of a page, as they are read."""
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th><td>(\d+)</td>", page, re.DOTALL)
    return [f"{' '.join(re.sub('<[^>]+>', ' ', what).split())}: {number}" for what, number in rows]


def close(ola: Ola, path: str, **values: str) -> str:
    kept = send(ola, ola.browser.get(path).text, path, **({"outcome": "heard", "step": "review"} | values))
    return send(ola, kept, path, step="close")


def test_ola_sees_exactly_what_remains_and_then_it_waits(ola: Ola, path: str) -> None:
    form = ola.browser.get(path).text
    kept = send(ola, form, path, step="review", concerns="2.f", outcome="coached", people="1")
    assert used_lockers(ola.world)
    assert "Concerns 2.f Bullying, mobbing: 1" in numbers(kept)
    assert "How it ended Was coached to act alone: 1" in numbers(kept)

    assert send(ola, kept, path, step="close") == "/desk/closed"
    assert "handwritten notes" in ola.browser.get("/desk/closed").text
    assert used_lockers(ola.world) == set()
    assert numbers(ola.browser.get("/desk/counts").text) == numbers(kept)


def test_after_closing_veras_words_answer_as_wrong_words_do(ola: Ola, path: str) -> None:
    visitor = ola.app.test_client()
    assert close(ola, path) == "/desk/closed"

    def answer(words: str) -> tuple[int, int, str]:
        got = visitor.post("/return", data={"words": words})
        return got.status_code, len(got.data), got.text.replace(words, "")

    assert answer(VERAS)[:2] == answer(WRONG)[:2]
    assert len(VERAS) != len(WRONG)
    assert answer(VERAS)[2].split() == answer(WRONG)[2].split()


def test_a_second_press_is_told_and_counts_nothing(ola: Ola, path: str) -> None:
    kept = send(ola, ola.browser.get(path).text, path, step="review", outcome="heard")
    before = numbers(kept)
    assert [send(ola, kept, path, step="close") for _ in range(2)] == ["/desk/closed", "/desk/"]
    assert "it was counted once" in ola.browser.get("/desk/").text
    assert numbers(ola.browser.get("/desk/counts").text) == before


def test_how_it_ended_is_asked_and_what_would_be_cut_off_is_said(ola: Ola, path: str) -> None:
    matter = path.removesuffix("/close")
    form = ola.browser.get(path).text
    assert "is still booked. The visitor is not told, and will come or call." in form
    assert f"{matter}/call-off/" in form
    assert "Choose how it ended." in send(ola, form, path, step="review", outcome="")
    kept = send(ola, form, path, step="review", outcome="left")
    assert "is still booked" in kept
    assert "Read it first" not in kept

    visitor = ola.app.test_client()
    page = dict(fields_of(visitor.post("/return", data={"words": VERAS}).text))
    visitor.post("/return", data={"ticket": page["ticket"], "action": "write", "text": "May I bring a friend?"})
    form = ola.browser.get(path).text
    assert "The last message is the visitor" in form
    ola.send(re.findall(r'href="([^"]+/call-off/\w+)"', form)[0])
    assert "is still booked" not in ola.browser.get(path).text


def test_nothing_that_was_chosen_is_lost_by_a_slip(ola: Ola, path: str) -> None:
    form = ola.browser.get(path).text
    assert 'class="group" open' not in form
    again = send(ola, form, path, step="review", concerns="7.b", people="none", unit="Glassblowing")
    assert "Type a whole number." in again
    (group,) = re.findall(r'<details class="group" open>\s*<summary>(.*?)</summary>', again)
    assert group == f"7 {LABELS['7']}"
    assert 'value="Glassblowing"' in again
    assert re.search(r'checked[^>]*value="7.b"', again)
    back = send(ola, send(ola, again, path, step="review", people="2", outcome="heard"), path, step="change")
    assert re.search(r'checked[^>]*value="7.b"', back)
    assert 'value="Glassblowing"' in back


def test_more_concerns_than_twelve_are_refused_beside_them(ola: Ola, path: str) -> None:
    form = [pair for pair in fields_of(ola.browser.get(path).text) if pair[0] != "outcome"]
    many = [("concerns", f"2.{letter}") for letter in "abcdefghijklm"]
    answer = ola.browser.post(path, data=_lists([*form, *many, ("outcome", "heard"), ("step", "close")])).text
    assert "Choose 12 concerns at most" in answer
    assert used_lockers(ola.world)


def test_a_message_that_came_meanwhile_stops_the_closing(ola: Ola, path: str) -> None:
    kept = send(ola, ola.browser.get(path).text, path, step="review", outcome="heard")
    matter = path.removesuffix("/close")
    send(ola, ola.browser.get(matter).text, matter, text="See you then.")
    assert "this matter was changed" in send(ola, kept, path, step="close")
    assert used_lockers(ola.world)


@pytest.mark.parametrize("key", ["0" * 32, "xyz"])
def test_what_is_not_there_is_not_closed(ola: Ola, key: str) -> None:
    answer = ola.browser.get(f"/desk/matter/{key}/close")
    assert answer.status_code in {302, 404}


def test_a_contact_is_counted_by_one_button(ola: Ola) -> None:
    form = ola.browser.get("/desk/contact").text
    assert send(ola, form, "/desk/contact", mode="corridor", category="2", constituency="Staff") == "/desk/contact"
    assert "Counted." in ola.browser.get("/desk/contact").text
    counts = ola.browser.get("/desk/counts").text
    assert {"In all Contacts: 1", "Contacts: how In passing: 1", "Contacts: group Staff: 1"} <= set(numbers(counts))


def test_a_contact_sent_twice_is_counted_once_and_the_next_page_counts_another(ola: Ola) -> None:
    form = ola.browser.get("/desk/contact").text
    for _ in range(2):
        assert send(ola, form, "/desk/contact", mode="email", category="") == "/desk/contact"
    assert "In all Contacts: 1" in numbers(ola.browser.get("/desk/counts").text)
    send(ola, ola.browser.get("/desk/contact").text, "/desk/contact", mode="email", category="")
    assert numbers(ola.browser.get("/desk/counts").text).count("In all Contacts: 1") == 2


@pytest.mark.parametrize(("name", "value"), [("people", "0"), ("people", ""), ("mode", "pigeon"), ("category", "10")])
def test_a_contact_that_cannot_be_is_refused(ola: Ola, name: str, value: str) -> None:
    answer = send(ola, ola.browser.get("/desk/contact").text, "/desk/contact", **{name: value})
    assert "Please look at this" in answer
    assert numbers(ola.browser.get("/desk/counts").text) == []


def test_what_waits_is_changed_and_taken_back(ola: Ola, path: str) -> None:
    close(ola, path, concerns="2.f")
    counts = ola.browser.get("/desk/counts").text
    (key,) = re.findall(r"/desk/counts/([0-9a-f]{32})", counts)
    change = ola.browser.get(f"/desk/counts/{key}").text
    assert send(ola, change, f"/desk/counts/{key}", concerns="9.a") == "/desk/counts"
    found = numbers(ola.browser.get("/desk/counts").text)
    assert "Concerns 9.a Standards of conduct: 1" in found
    assert not any("2.f" in each for each in found)

    token = dict(fields_of(counts))["csrf_token"]
    for said in ("Taken back", "waits no longer"):
        ola.browser.post("/desk/counts/take-back", data={"csrf_token": token, "key": key})
        page = ola.browser.get("/desk/counts").text
        assert said in page
        assert numbers(page) == []
    assert ola.browser.get(f"/desk/counts/{key}").headers["Location"] == "/desk/counts"


def test_a_number_is_put_right(ola: Ola) -> None:
    page = ola.browser.get("/desk/counts").text
    (quarter,) = re.findall(r'<option value="(\d{4}-Q\d)">', page)[:1]
    right = {"what": "concern|2.f", "by": "3", "quarter": quarter}
    assert "There are only 0" in send(ola, page, "/desk/counts", sign="minus", **right)
    assert send(ola, page, "/desk/counts", sign="plus", **right) == "/desk/counts"
    assert "not those that your page showed" in send(ola, page, "/desk/counts", sign="plus", **right)
    assert numbers(ola.browser.get("/desk/counts").text) == ["2.f Bullying, mobbing: 3"]
    for wrong in ({"what": "shoe|42"}, {"what": ""}, {"by": "0"}, {"by": "x"}, {"quarter": "1999-Q1"}):
        assert "Please look at this" in send(ola, page, "/desk/counts", **({"sign": "plus"} | right | wrong))
    assert numbers(ola.browser.get("/desk/counts").text) == ["2.f Bullying, mobbing: 3"]


@pytest.mark.parametrize(
    ("file", "statement", "said"),
    [
        ("desk.db", "UPDATE quarter SET box = randomblob(length(box))", "not what this office wrote last"),
        ("desk.db", "DELETE FROM quarter", "not what this office wrote last"),
        ("keys.db", "UPDATE waiting SET box = randomblob(length(box))", "cannot be read"),
    ],
)
def test_what_theo_has_spoilt_is_told_with_what_to_do(ola: Ola, file: str, statement: str, said: str) -> None:
    ask_file(ola.world.instance / file, statement)
    page = ola.browser.get("/desk/counts").text
    assert said in page
    assert "Tell your operator by voice" in page

    # In the first weeks of a quarter the last one stands here too.
    for _ in range(page.count("/desk/counts/go-on")):
        fields = dict(fields_of(page[page.index("/desk/counts/go-on") :]))
        assert ola.browser.post("/desk/counts/go-on", data=fields).status_code == 302
        page = ola.browser.get("/desk/counts").text
    assert said not in page
    assert "Counting goes on" in page
