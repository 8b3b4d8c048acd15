"""Six words as tired people type them: forgiven where the eye forgives, and else told kindly what to look at."""

import pytest

from portal.intake import sentences
from portal.pages import ANSWER_SIZE
from portal.sealing.words import Unknown, WrongCount
from tests.bad_input.inside import Inside, nothing_changes, open_office
from tests.cast import VERA, World
from tests.intake.pages_cast import kind, problems, text_of, values_of

pytestmark = pytest.mark.xdist_group("bad_words")
TYPED = "amber bagpipe cabbage daybreak eagle fabric"
FORGIVEN = {
    "capitals": "AMBER BAGPIPE CABBAGE DAYBREAK EAGLE FABRIC",
    "as a phone begins": "Amber bagpipe Cabbage daybreak eagle Fabric",
    "hyphens": "amber-bagpipe-cabbage-daybreak-eagle-fabric",
    "dashes": "amber \u2013 bagpipe \u2014 cabbage \u2011 daybreak \u2212 eagle \u2010 fabric",
    "spaces": "   amber   bagpipe\tcabbage \u00a0daybreak\u3000eagle  fabric  ",
    "numbers": "1. amber 2. bagpipe 3. cabbage 4. daybreak 5. eagle 6. fabric",
    "numbers stuck to words": "1amber 2bagpipe 3cabbage 4daybreak 5eagle 6fabric",
    "brackets": "1) amber, (2) bagpipe; [3] cabbage / 4 daybreak | 5 eagle & 6 fabric.",
    "lines": "amber\nbagpipe\r\ncabbage\ndaybreak\neagle\nfabric\n",
    "accents": "\u00e0mber b\u00e4gpipe c\u00e1bbage daybr\u00eaak \u00e9agle fabri\u00e7",
    "accents of their own": "a\u0301mber bagpipe cabbage daybreak eagle fabric\u0327",
    "wide letters": "\uff41\uff4d\uff42\uff45\uff52 bagpipe cabbage daybreak eagle fabric",
    "a Turkish capital": "AMBER BAGP\u0130PE CABBAGE DAYBREAK EAGLE FABR\u0130C",
    "what nobody sees": "am\u200bber \ufeffbagpipe cab\u00adbage daybreak\u2060 eagle \u202efabric\u202c",
    "quotes": "\u201camber bagpipe cabbage daybreak eagle fabric\u201d",
}
NOTHING = {
    "turned round": "fabric eagle daybreak cabbage bagpipe amber",
    "two swapped": "bagpipe amber cabbage daybreak eagle fabric",
    "the last one first": "fabric amber bagpipe cabbage daybreak eagle",
    "one of them twice": "amber amber cabbage daybreak eagle fabric",
    "another one of ours": "amber bagpipe cabbage daybreak eagle fabulous",
    "six of nobody": "abacus abacus abacus abacus abacus abacus",
}
MISREAD = {
    "a letter too few": ("amber bagpipe cabbge daybreak eagle fabric", Unknown("cabbge", "cabbage")),
    "a letter too many": ("amber bagpipe cabbage daybreak eaggle fabric", Unknown("eaggle", "eagle")),
    "a neighbour on the keys": ("amber bagpipe cabbage daybreal eagle fabric", Unknown("daybreal", "daybreak")),
    "two letters swapped": ("amber bagpipe cabbage daybreak eagle farbic", Unknown("farbic", "fabric")),
    "the first of two": ("ambre bagpipe cabbage daybreak eagle fabirc", Unknown("ambre", "amber")),
    "another language": ("bernstein bagpipe cabbage daybreak eagle fabric", Unknown("bernstein", None)),
    "seven": (f"{TYPED} gallery", WrongCount(7)),
    "five": ("amber bagpipe cabbage daybreak eagle", WrongCount(5)),
    "one": ("amber", WrongCount(1)),
    "twice": (f"{TYPED} {TYPED}", WrongCount(12)),
    "joined": (TYPED.replace(" ", ""), Unknown(TYPED.replace(" ", ""), None)),
    "two joined": ("amberbagpipe cabbage daybreak eagle fabric", Unknown("amberbagpipe", None)),
    "one cut in two": ("amber bag pipe cabbage daybreak eagle fabric", Unknown("bag", "barge")),
    "digits": ("123456", WrongCount(0)),
    "marks": ("?!.,-- ;", WrongCount(0)),
    "another script": ("\u044f\u043d\u0442\u0430\u0440\u044c " * 6, WrongCount(0)),
    "a code": ("DZ63-PV32-MSY", Unknown("dz", None)),
}


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Inside:
    """Vera has booked."""
    found = open_office(first_world, tmp_path_factory.mktemp("words"))
    assert found.world.book(VERA, typed=TYPED, slots=[found.times()[0].id])
    return found


@pytest.mark.parametrize("typed", FORGIVEN.values(), ids=FORGIVEN)
def test_what_the_eye_forgives_opens_the_appointment(office: Inside, typed: str) -> None:
    with nothing_changes(office.world):
        answer = office.post("/return", {"words": typed})
    assert (answer.status, kind(answer)) == (200, "matter")


@pytest.mark.parametrize("typed", NOTHING.values(), ids=NOTHING)
def test_the_right_kind_of_words_in_another_order_opens_nothing(office: Inside, typed: str) -> None:
    with nothing_changes(office.world):
        answer = office.post("/return", {"words": typed})
    assert (answer.status, kind(answer), answer.length) == (200, "words", ANSWER_SIZE)
    assert problems(answer) == [sentences.nothing_there()]
    assert values_of(answer)["words"] == typed
    assert "Lost the words?" in text_of(answer), "and there is a way on"


@pytest.mark.parametrize(("typed", "found"), MISREAD.values(), ids=MISREAD)
def test_a_slip_is_named_with_what_it_may_have_been(office: Inside, typed: str, found: Unknown | WrongCount) -> None:
    with nothing_changes(office.world):
        answer = office.post("/return", {"words": typed})
    assert (answer.status, kind(answer), answer.length) == (200, "words", ANSWER_SIZE)
    assert problems(answer) == [sentences.misread_words(found)]
    assert values_of(answer)["words"] == typed.strip()


def test_a_slip_is_looked_for_in_the_list_and_never_in_what_is_kept(office: Inside) -> None:
    """Words that open something and words that open nothing are corrected alike: a slip tells nobody who is booked."""
    near = office.post("/return", {"words": TYPED.replace("cabbage", "cabbge")})
    far = office.post("/return", {"words": "gallery habitat cabbge jackal karate ladder"})
    assert problems(near) == problems(far)


def test_a_slip_that_was_forgiven_in_silence_would_be_found(office: Inside) -> None:
    """The planted fault: the page of the right words is no refusal."""
    assert problems(office.post("/return", {"words": TYPED})) == []
