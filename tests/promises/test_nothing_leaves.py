"""P4: no cookie, no third party, nothing telling in a title or an address, and no GET that changes anything."""

import http.client
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from portal import create_app, inline
from portal.seizure.files import looking
from portal.seizure.footprint import stamps
from portal.web import MAX_FORM
from tests.cast import NED, TOMAS, VERA, Server, World, serve
from tests.promises import leaks
from tests.promises.day_of_visits import SAID, press
from tests.promises.the_desk import DeskBrowser
from tests.visiting import Answer, Visitor

pytestmark = pytest.mark.xdist_group("leaves")
EXIT = "https://www.wikipedia.org/"
VIDEO = frozenset({"meet.example.org"})
#: What prints show in words is the office's own address; what writes a calendar file names itself with two slashes.
OWN = frozenset({"localhost"})
NAMED = {"/week/poster": OWN, "/week/cards": OWN, "/week/events.ics": frozenset({"appointments"})}
DIGEST = "0" * 12
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def office(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    world = first_world.copy(tmp_path_factory.mktemp("leaves") / "instance")
    server = serve(world)
    yield server
    server.kill()


@pytest.fixture(scope="module")
def pages(office: Server) -> dict[str, Answer]:
    """Every page that a visitor can meet: each address, each answer to each form, each mistake."""
    visitor, world = Visitor(office.url), office.world
    keys = [offer.key for offer in world.offers()][1:]
    found = {path: visitor.get(path) for path in _addresses(office, desk=False)}
    found |= {"note": visitor.leave_note(), "note, empty": visitor.leave_note(said="")}
    assert "your note is kept" in found["note"].body
    receipt = visitor.book(world, VERA, keys[0:1], mode="video", share="name", **SAID)
    words = visitor.words(receipt)
    opened = visitor.post("/return", {"words": words})
    found |= {
        "receipt, video": receipt,
        "receipt, door": visitor.book(world, TOMAS, keys[1:2], mode="in-person", share="profile"),
        "receipt, phone": visitor.book(world, None, keys[2:3], mode="phone"),
        "refused": visitor.book(world, NED, keys[3:4], **SAID),
        "misread": visitor.book(world, VERA, keys[3:4], code="ABCD"),
        "gone": visitor.book(world, VERA, keys[0:1]),
        "incomplete": visitor.post("/book", [("ticket", "x"), ("slot", keys[3])]),
        "nothing chosen": visitor.post("/book", {}),
        "chosen": visitor.post("/book", [("slot", keys[3]), ("slot", keys[4]), ("mode", "video")]),
        "form": visitor.choose(keys[3:6], "video"),
        "opened, video": opened,
        "sure?": visitor.post("/return", visitor.fill(opened, action="cancel")),
        "times to move to": (list_of_times := visitor.post("/return", visitor.fill(opened, action="move"))),
        "moved, video": visitor.post("/return", visitor.fill(list_of_times, slot=keys[6])),
        "cancelled": press(visitor, words, "cancel"),
        "erased": press(visitor, words, "erase"),
        "wrong words": visitor.post("/return", {"words": words}),
        "misspelt words": visitor.post("/return", {"words": "abacs"}),
        "not there": visitor.get("/nowhere/at/all"),
        "wrong method": visitor.get("/book"),
        "foreign": visitor.post("/book", {}, **{"Sec-Fetch-Site": "cross-site"}),
        "file": visitor.post("/book", {}, **{"Content-Type": "multipart/form-data; boundary=x"}),
    }
    assert all(page.status < 500 for page in found.values())
    return found


def test_no_page_loads_runs_or_names_anything_foreign(pages: dict[str, Answer]) -> None:
    sheets = {path: page for path, page in pages.items() if path.startswith("/static")}
    shown = {path: page for path, page in pages.items() if path not in sheets and path != "/leave/out"}
    assert len(shown) > 20
    found = {
        path: leaks.of_page(page, VIDEO if "video" in path else NAMED.get(path, frozenset()))
        for path, page in shown.items()
    }
    found |= {path: leaks.of_sheet(page) for path, page in sheets.items()}
    assert {path: each for path, each in found.items() if each} == {"/leave": ["a page that moves by itself"]}


def test_the_way_out_names_its_target_in_the_location_alone(pages: dict[str, Answer]) -> None:
    page = pages["/leave/out"]
    assert (page.status, page.header("Location")) == (303, EXIT)
    assert page.header("Clear-Site-Data") == '"cache", "storage"'
    assert set(re.findall(r"https?://[^\s\"<]+", page.body)) <= {EXIT}


def test_no_answer_sets_a_cookie_or_a_header_that_tells(pages: dict[str, Answer]) -> None:
    found = {path: leaks.of_headers(page, leaves_to=EXIT) for path, page in pages.items()}
    assert {path: each for path, each in found.items() if each} == {}


def test_forms_and_receipts_are_kept_by_no_cache(pages: dict[str, Answer]) -> None:
    kept = {path for path, page in pages.items() if page.header("Cache-Control") != "no-store"}
    # Under an address that is no longer its own, a sheet is not kept either.
    current = {path for path in pages if path.startswith("/static") and "/000000000000/" not in path}
    assert kept == current


def test_nothing_about_a_visit_stands_in_an_address(pages: dict[str, Answer]) -> None:
    location = pages["chosen"].header("Location") or ""
    assert re.fullmatch(r"/book/[A-Za-z0-9_-]{100,}", location)
    slots = {key for page in pages.values() for key in re.findall(r'name="slot" value="([0-9a-f]{32})"', page.body)}
    assert slots
    assert not any(key in location for key in slots)
    forms = [tag for page in pages.values() for tag in re.findall(r"<form[^>]*>", page.body)]
    assert forms
    assert all('method="post"' in tag or "/times" in tag for tag in forms)


@pytest.mark.parametrize(
    "planted",
    [
        '<img src="https://stats.example.net/p.gif?u=1">',
        '<link rel="preconnect" href="//fonts.example.net">',
        "<script>track()</script>",
        f"<script>{inline.ZONE.text} </script>",
        f'<script type="module">{inline.ZONE.text}</script>',
        '<script src="/static/x/zone.js"></script>',
        "<script>",
        '<p style="color: red">',
        '<a href="/times" ping="/seen">',
        "<title>Your complaint</title>",
        '<meta http-equiv="refresh" content="0;url=/seen">',
    ],
)
def test_a_planted_leak_in_a_page_shows(planted: str, pages: dict[str, Answer]) -> None:
    page = pages["/times"]
    assert leaks.of_page(replace(page, body=page.body.replace("</main>", f"{planted}</main>")))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Set-Cookie", "visit=1; Path=/"),
        ("Vary", "Cookie"),
        ("ETag", '"a1b2"'),
        ("Report-To", '{"endpoints":[{"url":"https://stats.example.net/r"}]}'),
        ("Link", "<//fonts.example.net/a.css>; rel=preload"),
    ],
)
def test_a_planted_leak_in_a_header_shows(name: str, value: str, pages: dict[str, Answer]) -> None:
    page = pages["/times"]
    assert leaks.of_headers(replace(page, headers=[*page.headers, (name, value)]))


def test_a_planted_loose_policy_shows(pages: dict[str, Answer]) -> None:
    page = pages["/times"]
    for loose in (
        "default-src 'none'; script-src 'unsafe-inline'",
        "default-src *",
        "default-src 'none'; img-src https:",
        "default-src 'none'; script-src 'self' https:",
        "default-src 'none'; script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    ):
        headers = [(name, loose if name == "Content-Security-Policy" else value) for name, value in page.headers]
        assert leaks.of_headers(replace(page, headers=headers))


def test_a_page_runs_the_way_out_and_the_list_the_zone_where_nobody_chose_one(
    office: Server, pages: dict[str, Answer]
) -> None:
    running = {path: _allowed(page) for path, page in pages.items() if _allowed(page)}
    assert running == {path: found for path, page in pages.items() if (found := _held(page))}
    assert running.pop("/times") == [inline.EXIT.source, inline.ZONE.source]
    with_a_way_out = {path for path, page in pages.items() if 'class="leave"' in page.body} - {"/times"}
    alike = {path: [inline.EXIT.source] for path in with_a_way_out}
    assert running == alike, "an answer to a form has those of any other"
    assert all('id="tz-hint"' in page.body for page in pages.values() if inline.ZONE.source in _allowed(page))
    assert _allowed(Visitor(office.url).get("/times?tz=Asia/Tokyo")) == [inline.EXIT.source]


def test_the_desk_runs_none(office: Server, pages: dict[str, Answer]) -> None:
    assert pages
    ola = DeskBrowser(Visitor(office.url))
    ola.sign_in(office.world)
    for path in ("/desk/", "/desk/hours", "/desk/colleagues", "/desk/nowhere", "/desk/sign-in"):
        page = ola.get(path)
        assert "script" not in page.body + str(page.headers), path


def _allowed(page: Answer) -> list[str]:
    """The scripts that the policy of an answer lets run."""
    return re.findall(r"'sha256-[^']*'", page.header("Content-Security-Policy") or "")


def _held(page: Answer) -> list[str]:
    """The scripts that stand in it."""
    texts = re.findall(r"(?s)<script>(.*?)</script>", page.body)
    return [each.source for text in texts for each in inline.KNOWN if each.text == text]


@pytest.mark.parametrize(("script", "most"), [(inline.ZONE, 600), (inline.EXIT, 900)])
def test_no_script_of_ours_loads_sends_or_keeps_anything(script: inline.Script, most: int) -> None:
    assert leaks.of_script(script.text, leaves=script is inline.EXIT) == []
    assert len(script.text.encode()) <= most
    assert {inline.ZONE, inline.EXIT} == set(inline.KNOWN)


@pytest.mark.parametrize("script", inline.KNOWN)
@pytest.mark.parametrize(
    "planted",
    [
        "fetch('/seen')",
        "navigator.sendBeacon('/seen',here)",
        "localStorage.tz=here",
        "document.cookie='tz='+here",
        "new Image().src='/seen'",
        "location='/times?tz='+here",
        "location.href='/seen'",
        "location.replace('/leave/out?by=keys')",
        leaks.WAY_OUT,
        "list.form.submit()",
        "way.click()",
        "import('/x.js')",
        "history.replaceState(0,'','?tz='+here)",
    ],
)
def test_a_script_that_reaches_out_shows(script: inline.Script, planted: str) -> None:
    assert leaks.of_script(script.text + planted, leaves=script is inline.EXIT)


def test_no_address_that_a_link_scanner_opens_changes_a_byte(office: Server, pages: dict[str, Answer]) -> None:
    """Every address, with the words and buttons that a curious program might add; HEAD too; signed in and not."""
    assert pages
    visitor, ola = Visitor(office.url), DeskBrowser(Visitor(office.url))
    ola.sign_in(office.world)
    words = visitor.words(visitor.book(office.world, None, [office.world.offers()[8].key]))
    tail = f"?words={words.replace(' ', '+')}&action=erase&sure=yes&ticket=x&slot={DIGEST}&email={VERA.email}"
    before = stamps(office.world.instance)
    for path in _addresses(office, desk=True):
        for asked in (path, path + tail):
            assert visitor.get(asked).status < 500
            assert ola.get(asked).status < 500
            assert _ask(office, "HEAD", asked).status < 500
    assert stamps(office.world.instance) == before
    assert 'value="erase"' in visitor.post("/return", {"words": words}).body


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://example.net"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8000"},
    ],
    ids=str,
)
def test_a_form_sent_from_elsewhere_is_refused_and_changes_nothing(headers: dict[str, str], office: Server) -> None:
    visitor = Visitor(office.url)
    key = office.world.offers()[9].key
    form = visitor.fill(visitor.choose([key]), mode="phone", proof="none")
    before = stamps(office.world.instance)
    for path in _visitor_posts(office):
        assert visitor.post(path, form, **headers).status == 403
    assert stamps(office.world.instance) == before


def test_a_form_sent_from_our_own_page_is_taken(office: Server) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": office.url}
    for path in _visitor_posts(office):
        assert Visitor(office.url).post(path, {}, **headers).status == 200


def test_files_are_refused_before_anything_reads_them(office: Server) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="message"; filename="a"\r\n\r\nhello\r\n--x--\r\n'
    for path in (*_visitor_posts(office), "/desk/join", "/nowhere"):
        answer = _ask(office, "POST", path, body, **{"Content-Type": "multipart/form-data; boundary=x"})
        assert answer.status == 415, path


@pytest.mark.parametrize("is_chunked", [False, True])
def test_more_than_64_kib_is_refused_whether_or_not_its_length_is_said(office: Server, *, is_chunked: bool) -> None:
    body = b"ticket=x&message=" + b"x" * (MAX_FORM + 1)
    before = stamps(office.world.instance)
    for path in _visitor_posts(office):
        answer = _ask(office, "POST", path, iter([body]) if is_chunked else body, **{"Content-Type": FORM})
        assert answer.status == (411 if is_chunked else 413), path
    assert stamps(office.world.instance) == before


def _addresses(office: Server, *, desk: bool) -> list[str]:
    """Every address of the product that answers a GET, from its own list, so that a new one is not forgotten."""
    visitor = Visitor(office.url)
    offer = office.world.offers()[7]
    token = (visitor.post("/book", {"slot": offer.key}).header("Location") or "").rpartition("/")[2]
    with closing(looking(office.world.instance / "desk.db")) as found:
        (locker,) = found.execute("SELECT id FROM locker ORDER BY state DESC LIMIT 1").fetchone()
    values = {"token": token, "digest": DIGEST, "key": locker.hex(), "uid": "0" * 32}
    paths = []
    for rule in create_app(office.world.instance).url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or (rule.rule.startswith("/desk") and not desk):
            continue
        for name in ("site.css", "desk.css", "icon.svg") if "name" in rule.arguments else ("",):
            path = rule.rule
            for argument in rule.arguments:
                path = path.replace(f"<{argument}>", (values | {"name": name})[argument])
            paths.append(path)
    assert {"/", "/times", "/return", "/leave", "/week", f"/book/{token}"} <= set(paths)
    return paths


def _visitor_posts(office: Server) -> list[str]:
    rules = create_app(office.world.instance).url_map.iter_rules()
    found = [rule.rule for rule in rules if "POST" in (rule.methods or ()) and not rule.rule.startswith("/desk")]
    assert set(found) >= {"/book", "/return"}
    return found


def _ask(office: Server, method: str, path: str, body: bytes | Iterator[bytes] | None = None, **headers: str) -> Answer:
    """One request as plain as it gets; an iterator is sent in chunks, without saying its length."""
    line = http.client.HTTPConnection("localhost", urlsplit(office.url).port, timeout=30)
    try:
        line.request(method, path, body, headers, encode_chunked=not isinstance(body, bytes))
        found = line.getresponse()
        text = found.read()
        return Answer(found.status, found.getheaders(), text.decode(), len(text))
    finally:
        line.close()
