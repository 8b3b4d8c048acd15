"""Makes the demo office through the same doors as any other, and says what to try in it."""

import json
import os
import secrets
import shutil
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

from portal import config, setup
from portal.config import SETTINGS_FILE, Settings
from portal.db import Stores, open_stores
from portal.demo import quarter
from portal.demo.people import code_of, demo_people, stranger, write_roster
from portal.demo.week import put_on_a_week
from portal.desk import service as desk_service
from portal.errors import NotReady
from portal.intake import service as intake
from portal.intake.rules import Share, Stub
from portal.office import service as office
from portal.office.factor import app_of, provisioning_uri
from portal.office.rules import Kit, NotAdmitted, write_recovery
from portal.roster import service as roster
from portal.roster.rules import Claim, FileRefused
from portal.scheduling import opening
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Kind, Mode, Offer, Place, Practice, WeeklyRange
from portal.sealing import words
from portal.site import choices
from portal.site.choices import Choices
from portal.volatile import Publication

Life = Callable[[Stores, Settings, Kit, datetime], None]

OMBUDS = "Ola Brandt"
_NOTE = "what-to-try.json"
#: The first is the office's own; one that nobody has translated yet is passed over.
_LANGUAGES = ("en", "es", "fr", "ar")
_SETTINGS = {
    'phone = ""': 'phone = "+353 1 555 0142"',
    'formal_report = ""': 'formal_report = "A formal report goes to the People Office or to the Ethics Line."',
    'overseen_by = ""': 'overseen_by = "The chair of the council oversees this office: +353 1 555 0177."',
    "# [[crisis]]\n": "[[crisis]]\n",
    '# name = "Emergency services"': 'name = "Emergency services"',
    '# number = "112"': 'number = "112"',
    '# hours = "day and night"': 'hours = "day and night"\n\n[[crisis]]\nname = "Night line (fictional)"\n'
    'number = "+353 1 555 0199"\nhours = "every night from 20:00 to 06:00"',
}


def make_if_missing(instance: Path, *, port: int, now: datetime, say: Callable[[str], None], weeks: int = 0) -> None:
    """Make the demo office unless it is there. It is made beside its place, so that a half-made one is never in it.

    It lives through so many `weeks` before `now` first.
    """
    if (instance / _NOTE).exists():
        return
    if (instance / SETTINGS_FILE).exists():
        raise NotReady(f"{instance} holds an office already, and no demo. Name another folder in PORTAL_INSTANCE.")
    say("Making a demo office with 2,000 fictional people…")
    making = instance.with_name(f"{instance.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    if weeks:
        say(f"It lives through {weeks} weeks, which takes some minutes…")
    begins = now - timedelta(weeks=weeks)
    _make(making, port=port, begins=begins, now=now, life=partial(_live, now, weeks, say) if weeks else _fill_the_week)
    making.rename(instance)


def _make(instance: Path, *, port: int, begins: datetime, now: datetime, life: Life) -> None:
    setup.make_office(
        instance, name="Ombuds Office of Alder University", zone="Europe/Dublin", address=f"http://localhost:{port}"
    )
    _fill_in_settings(instance / SETTINGS_FILE)
    settings, stores = config.load(instance), open_stores(instance)
    kit = _join(stores, settings, begins)
    _import_roster(stores, settings, begins)
    _open_hours(stores, settings, begins)
    _choose_languages(stores)
    life(stores, settings, kit, begins)
    put_on_a_week(stores, settings, now)
    stores.close()
    note = {"passphrase": kit.passphrase, "factor": kit.factor.hex(), "recovery": write_recovery(kit.recovery)}
    (instance / _NOTE).write_text(json.dumps(note), "utf-8")
    (instance / _NOTE).chmod(0o600)


def _choose_languages(stores: Stores) -> None:
    with stores.site.writing() as site:
        choices.keep(site, Choices(languages=_LANGUAGES))


def what_to_try(instance: Path, now: datetime, *, port: int) -> str:
    """What a newcomer needs to walk through both sides of the portal."""
    settings, note = config.load(instance), _read_note(instance)
    people = [f"    {each.email:34} {code_of(each.email, now.date(), settings)}" for each in demo_people()]
    factor = bytes.fromhex(note["factor"])
    return "\n".join(
        (
            f"\nThe demo office is at http://localhost:{port}  (everybody in it is fiction; stop it with Ctrl-C)\n",
            "  Book as one of these people: work email, outreach code",
            *people,
            f"    {stranger().email:34} is not on the roster",
            f"  The staff list is {instance / 'roster.csv'}\n",
            f"  Read the queue at http://localhost:{port}/desk/ as {OMBUDS}",
            f"    passphrase   {note['passphrase']}",
            f"    app secret   {provisioning_uri(factor, OMBUDS, 'Demo')}",
            f"    six digits   {digits(instance, now)}   (new ones: make digits)\n",
        )
    )


def digits(instance: Path, now: datetime) -> str:
    """The six digits that an authenticator app would show now."""
    factor = bytes.fromhex(_read_note(instance)["factor"])
    return app_of(factor).generate(int(now.timestamp())).decode()


def _read_note(instance: Path) -> dict[str, str]:
    try:
        found = json.loads((instance / _NOTE).read_text("utf-8"))
    except FileNotFoundError as error:
        raise NotReady(f"There is no demo office in {instance}. Start it with: make run") from error
    assert isinstance(found, dict)
    return found


def _fill_in_settings(path: Path) -> None:
    text = path.read_text("utf-8")
    for empty, filled in _SETTINGS.items():
        text = text.replace(empty, filled)
    path.write_text(text, "utf-8")


def _join(stores: Stores, settings: Settings, now: datetime) -> Kit:
    with stores.desk.writing() as desk:
        code = office.invite(desk, OMBUDS)
        assert isinstance(code, str)
    kit = office.new_kit()
    assert desk_service.join(stores, code=code, kit=kit, settings=settings, now=now)
    return kit


def _import_roster(stores: Stores, settings: Settings, now: datetime) -> None:
    # Kept for newcomers to look at and to import again: everybody in it is fiction.
    path = settings.instance / "roster.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_roster(file)
    with stores.desk.reading() as desk:
        office_public = office.get_office_public(desk)
    with path.open("rb") as stream:
        report = roster.import_roster(
            stream,
            instance=settings.instance,
            settings=settings,
            office_public=office_public,
            now=now,
            progress=lambda _people: None,
        )
    assert not isinstance(report, FileRefused), report.reason


def _open_hours(stores: Stores, settings: Settings, now: datetime) -> None:
    week = [WeeklyRange(day, time(9), time(12)) for day in range(5)]
    week += [WeeklyRange(day, time(13), time(17)) for day in (0, 1, 3)] + [WeeklyRange(2, time(17), time(20))]
    week += [WeeklyRange(2, time(12), time(13), kind=Kind.drop_in), WeeklyRange(4, time(13), time(14), kind=Kind.calls)]
    library = Place(
        id=os.urandom(opening.ID_SIZE),
        name="The old library",
        access="ramp at the garden door",
        door="Second floor, room 214. Knock twice.",
        directions="Use the garden entrance; the lift is on the left.",
        is_step_free=True,
        has_no_sign=True,
        is_apart=True,
    )
    practice = Practice(
        minutes=60,
        modes=tuple(Mode),
        without_code=100,
        place=library.id,
    )
    with stores.desk.writing() as desk:
        (ombuds,) = office.names(desk)
        opening.put_place(desk, library)
        opening.set_hours(desk, ombuds, week, practice)
        opening.open_slots(desk, settings, now)


def _live(
    now: datetime,
    weeks: int,
    say: Callable[[str], None],
    stores: Stores,
    settings: Settings,
    kit: Kit,
    _begins: datetime,
) -> None:
    with stores.desk.reading() as desk, stores.keys.reading() as keys:
        (ombuds,) = office.names(desk)
        wrapped = office.find_wrapped(keys, ombuds)
    six = app_of(kit.factor).generate(int(now.timestamp())).decode()
    found = office.sign_in(wrapped, six, kit.passphrase, settings=settings, now=now, last_step=0)
    assert not isinstance(found, NotAdmitted)
    quarter.live(stores, settings, found[0], until=now, say=say, weeks=weeks)


def _fill_the_week(stores: Stores, settings: Settings, _kit: Kit, now: datetime) -> None:
    """A few visitors, booked like any other."""
    publication: Publication[Offer] = Publication()
    with stores.desk.reading() as desk:
        offers = scheduling.published(desk, publication, office.names(desk), settings=settings, now=now)
    vera, tomas, mei = demo_people()
    visits = (
        (vera.email, Mode.video, Stub(Share.PROFILE, "manager", "My hours changed again without a word.", "Robin")),
        (tomas.email, Mode.in_person, Stub(Share.NOTHING, "unsure", "", "Blue", "An interpreter for Igbo", 2)),
        (mei.email, Mode.phone, Stub(Share.NAME, "career", "", "", "", 1, "a private number")),
        ("", Mode.phone, Stub(Share.NOTHING, "", "", "Sam")),
    )
    for (email, mode, stub), offer in zip(visits, offers[1::3], strict=False):
        claim = Claim(email, code_of(email, now.date(), settings), "code") if email else Claim("", "", "none")
        request = intake.Request(words=words.draw(), claim=claim, slots=[offer.id], mode=mode, stub=stub)
        intake.request_meeting(stores, request, publication=publication, settings=settings, now=now)
    _write_without_a_time(stores, settings, now)


def _write_without_a_time(stores: Stores, settings: Settings, now: datetime) -> None:
    with stores.desk.reading() as desk:
        (ombuds,) = office.names(desk)
    text = "I would rather not meet. May a team lead ask why somebody was ill?"
    letter = intake.Writing(
        words=words.draw(),
        claim=Claim("", "", "none"),
        ombuds=ombuds,
        stub=Stub(Share.NOTHING, "rules", "", "Wren"),
        text=text,
        form=secrets.token_hex(8),
    )
    intake.request_writing(stores, letter, settings=settings, now=now)
