"""A visitor who speaks another language: one choice, and every page of the visit speaks it, with no help of a cookie.

The catalogues are real ones, made of marks and of letters: nobody has to read them to see where one is not used.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.pages import ANSWER_SIZE
from tests.cast import VERA, Server, World
from tests.intake.pages_cast import text_of
from tests.speaking import in_arabic_letters, keep, marked, offer, serve_speaking, translated
from tests.visiting import Answer, Visitor, fields_of

FIELD = ("lang", "ar")
ADDRESS = re.compile(r'href="(/[^"]*)"')
POSTED = re.compile(r'(?s)<form\b[^>]*method="post".*?</form>')
#: What an office writes itself, what is drawn or kept, and names: no catalogue holds it.
_NOT_SAID = re.compile(r"(?s)<head>.*?</head>|<nav class=\"languages\".*?</nav>|<script.*?</script>|<!--.*?-->")
_TEXT = re.compile(r">([^<]*[A-Za-z]{3}[^<]*)<")


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("languages")
    world = first_world.copy(folder / "instance")
    for lang, say in (("ar", in_arabic_letters), ("fr", marked), ("cy", marked)):
        keep(translated(lang, say), folder / "locale", lang)
    offer(world, "en", "ar", "fr")
    server = serve_speaking(world, folder / "locale")
    yield server
    server.kill()


@pytest.fixture
def vera(office: Server) -> Visitor:
    return Visitor(office.url)


@pytest.fixture(scope="module")
def looks(office: Server) -> dict[str, Answer]:
    """Pages that are asked for, each at an address."""
    paths = ("/", "/times", "/week", "/about", "/about/limits", "/about/charter", "/return", "/book", "/nowhere")
    return {path: Visitor(office.url).get(f"{path}?lang=ar") for path in paths}


@pytest.fixture(scope="module")
def answers(office: Server) -> dict[str, Answer]:
    """Every page of a visit that answers a form, each reached from the one before as a browser would."""
    vera, world = Visitor(office.url), office.world
    keys = [offer.key for offer in world.offers()[3:]]
    pages = {"no time": vera.post("/book", [FIELD])}
    chosen = vera.post("/book", [FIELD, ("slot", keys[0])])
    form = vera.get(chosen.header("Location") or "")
    pages["mistake"] = vera.post("/book", vera.fill(form, mode="in-person", proof="code"))
    pages["receipt"] = vera.post("/book", vera.fill(pages["mistake"], mode="in-person", proof="none"))
    pages["wrong words"] = vera.post("/return", [FIELD, ("words", "abacus")])
    pages["matter"] = vera.post("/return", [FIELD, ("words", vera.words(pages["receipt"]))])
    ticket = [pair for pair in dict(fields_of(pages["matter"].body)).items() if pair[0] in {"ticket", "meeting"}]
    for action in ("calendar", "stored", "reveal", "cancel", "erase", "move"):
        pages[action] = vera.post("/return", [*ticket, FIELD, ("action", action)])
    pages["cancelled"] = vera.post("/return", [*ticket, FIELD, ("action", "cancel"), ("sure", "yes")])
    pages["again"] = vera.post("/return", [*ticket, FIELD, ("action", "again"), ("wish", "another")])
    write = vera.post("/book", [FIELD, ("mode", "write"), ("ombuds", world.ombuds.hex())])
    letter = vera.get(write.header("Location") or "")
    pages["sent"] = vera.post("/book", vera.fill(letter, message="Guten Tag", proof="none"))
    pages["foreign"] = vera.post("/book", [FIELD], **{"Sec-Fetch-Site": "cross-site"})
    pages["erased"] = vera.post("/return", [*ticket, FIELD, ("action", "erase"), ("sure", "yes")])
    return pages


def test_every_page_says_its_language_and_its_direction(looks: dict[str, Answer], answers: dict[str, Answer]) -> None:
    for name, page in (looks | answers).items():
        assert '<html lang="ar" dir="rtl">' in page.body, name
        assert page.header("Content-Language") == "ar", name
        assert page.header("Vary") is None


def test_every_word_of_the_portal_is_in_it(looks: dict[str, Answer], answers: dict[str, Answer]) -> None:
    """English stands only where the office itself wrote something, in names and in the six words."""
    own = re.compile(
        r"Ola Brandt|Office of Tests|The old library|step-free, no sign on the door|Second floor, room 214|"
        r"Use the garden entrance|Guten Tag|if the ombuds believes that somebody is in imminent danger of serious harm"
    )
    for name in ("/times", "/return", "/book", "/nowhere", "no time", "mistake", "receipt", "matter", "cancel", "sent"):
        page = (looks | answers)[name].body
        bare = re.sub(r'(?s)<ol class="words".*?</ol>|<code.*?</code>|<p class="code">.*?</p>', "", page)
        left = [own.sub("", each) for each in _TEXT.findall(_NOT_SAID.sub("", bare))]
        assert [each for each in left if re.search("[A-Za-z]{3}", each)] == [], name


def test_every_link_and_every_form_of_every_page_takes_the_language_along(
    looks: dict[str, Answer], answers: dict[str, Answer]
) -> None:
    for name, page in (looks | answers).items():
        body = re.sub(r'(?s)<nav class="languages".*?</nav>', "", page.body)
        addresses = [unescape(each) for each in ADDRESS.findall(body) if not each.startswith("/static")]
        assert addresses
        assert {(name, *parse_qs(urlsplit(each).query).get("lang", ())) for each in addresses} == {(name, "ar")}
        for form in re.findall(r"(?s)<form\b.*?</form>", page.body):
            assert FIELD in fields_of(form), (name, form[:120])


def test_all_answers_to_forms_are_of_one_length_in_each_language(answers: dict[str, Answer]) -> None:
    assert {name: page.length for name, page in answers.items() if page.length != ANSWER_SIZE} == {}


def test_the_address_of_a_form_is_equally_long_whatever_the_language_and_holds_it_inside(vera: Visitor) -> None:
    key = next(value for name, value in re.findall(r'name="(slot)" value="(\w+)"', vera.get("/times").body))
    found = [
        vera.post("/book", [("lang", lang), ("slot", key)]).header("Location") or "" for lang in ("ar", "fr", "x", "")
    ]

    assert len({len(each) for each in found}) == 1
    assert not any("lang" in each for each in found)
    assert [vera.get(each).header("Content-Language") for each in found] == ["ar", "fr", "en", "en"]
    assert vera.get(f"{found[0]}?lang=fr").header("Content-Language") == "fr"
    assert vera.get(f"{found[0]}?lang=en").header("Content-Language") == "en"


def test_the_list_of_languages_names_each_in_itself_and_leads_to_the_same_page(vera: Visitor) -> None:
    page = vera.get("/times?lang=fr&tz=Asia/Tokyo&mode=phone&week=1").body
    listed = re.search(r'(?s)<nav class="languages".*?</nav>', page)

    assert listed
    assert page.index("/leave") < listed.start() < page.index("<main")
    links = re.findall(
        r'<a href="([^"]+)" lang="(\w+)" hreflang="(\w+)" dir="(\w+)"( aria-current="true")?>', listed[0]
    )
    assert [(*each[1:4], bool(each[4])) for each in links] == [
        ("en", "en", "ltr", False),
        ("ar", "ar", "rtl", False),
        ("fr", "fr", "ltr", True),
    ]
    assert re.findall(r">([^<>\s]+)</a>", listed[0]) == ["English", "العربية", "Français"]
    for address, lang, *_rest in links:
        path, query = urlsplit(unescape(address)).path, parse_qs(urlsplit(unescape(address)).query)
        assert (path, query) == ("/times", {"lang": [lang], "tz": ["Asia/Tokyo"], "mode": ["phone"], "week": ["1"]})


def test_the_answer_to_a_form_has_no_such_list(answers: dict[str, Answer]) -> None:
    """Whoever pressed a language there would lose the receipt, and the six words on it."""
    assert [name for name, page in answers.items() if 'class="languages"' in page.body] == []


@pytest.mark.parametrize(
    "query", ["?lang=cy", "?lang=xx", "?lang=", "?lang=AR", "?lang=../../etc", f"?lang={'a' * 999}"]
)
def test_a_language_that_the_office_does_not_offer_is_passed_over(vera: Visitor, query: str) -> None:
    page = vera.get(f"/return{query}")

    assert page.body == vera.get("/return").body
    assert page.header("Content-Language") == "en"


def test_nothing_follows_what_the_browser_says_of_its_owner(vera: Visitor) -> None:
    arab = vera.get("/return", **{"Accept-Language": "ar,fr;q=0.9"})

    assert arab.body == vera.get("/return").body
    assert arab.header("Vary") is None


def test_a_page_after_a_page_in_another_language_is_the_office_s_own_again(vera: Visitor) -> None:
    """Threads are used again; eight of them serve here."""
    for _number in range(12):
        vera.get("/return?lang=ar")
        vera.get("/nowhere?lang=fr")

        assert vera.get("/return").header("Content-Language") == "en"


def test_the_desk_speaks_its_own_language_whatever_is_asked(vera: Visitor) -> None:
    for path in ("/desk/sign-in", "/desk/join", "/desk/nowhere"):
        page = vera.get(f"{path}?lang=ar")
        assert '<html lang="en" dir="ltr">' in page.body
        assert page.header("Content-Language") == "en"


def test_the_six_words_stay_english_and_read_from_left_to_right(answers: dict[str, Answer]) -> None:
    assert '<ol class="words" role="list" lang="en" dir="ltr">' in answers["receipt"].body


def test_a_wish_is_kept_as_the_ombuds_reads_it_and_shown_as_its_visitor_does(answers: dict[str, Answer]) -> None:
    wish = "Please offer me another time."

    assert in_arabic_letters(wish) in text_of(answers["again"])
    assert wish not in answers["again"].body


def test_somebody_with_a_code_typed_in_other_digits_is_let_in(office: Server, vera: Visitor) -> None:
    code = office.world.code_of(VERA).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    key = office.world.offers()[1].key

    page = vera.book(office.world, VERA, [key], code=code)

    assert vera.words(page)
