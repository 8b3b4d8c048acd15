"""A demo office that lives through a quarter: fictional people come, are met, and their matters are closed."""

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from portal import jobs
from portal.config import Settings
from portal.db import Stores
from portal.demo.people import code_of
from portal.desk import closing, counting, making, meetings, noting, permitting
from portal.desk import service as desk_service
from portal.desk.changing import AtDesk
from portal.desk.meetings import Wish
from portal.desk.morning import is_settled
from portal.desk.service import MatterView
from portal.intake import returning
from portal.intake import service as intake
from portal.intake.forms import TOPICS
from portal.intake.permissions import Terms
from portal.intake.returning import Said
from portal.intake.rules import By, Share, State, Stub
from portal.intake.service import Receipt
from portal.office import service as office
from portal.office.rules import DeskKeys
from portal.reporting.categories import CODES
from portal.reporting.rules import OUTCOMES, REFERRALS, WAYS, Count, Kind
from portal.roster.rules import Claim
from portal.scheduling import service as scheduling
from portal.scheduling.rules import Mode, Offer
from portal.sealing import words
from portal.volatile import Publication

WEEKS = 13
MATTERS = 80
CONTACTS = 24
_DAY, _WORKDAYS = timedelta(days=1), 5
_NAMES = ("Robin", "Blue", "Sam", "Wren", "Ash", "River", "Sky", "Moss", "Fern", "Jay", "Lake", "Reed")
_LINES = ("May we talk on another day?", "I have thought about it.", "Something changed since we met.")
_NOTES = "Listened. Wants to be heard first; no step without a word from them."


@dataclass
class Quarter:
    """An office, its ombuds' keys, and the dice; the same seed makes the same quarter, but for all that is random."""

    stores: Stores
    settings: Settings
    own: DeskKeys
    now: datetime
    dice: random.Random
    publication: Publication[Offer] = field(default_factory=Publication)
    #: Six words of whoever may still come back.
    words: list[str] = field(default_factory=list)

    @property
    def at(self) -> AtDesk:
        return AtDesk(self.stores, self.own, self.settings, self.now)

    def chance(self, percent: int) -> bool:
        return self.dice.randrange(100) < percent


def live(
    stores: Stores,
    settings: Settings,
    own: DeskKeys,
    *,
    until: datetime,
    say: Callable[[str], None],
    weeks: int = WEEKS,
) -> None:
    """Live through the weeks before `until`, on a clock that is stepped day by day; thirteen see eighty matters."""
    emails, days = _emails(settings), 7 * weeks
    dice = random.Random(7)  # noqa: S311 - nobody is hidden behind a fictional quarter
    quarter = Quarter(stores, settings, own, until - days * _DAY, dice)
    comes = sorted(dice.randrange(days - 3) for _ in range(MATTERS * weeks // WEEKS))
    for number in range(days):
        quarter.now = _morning(until - (days - number) * _DAY, settings)
        quarter.publication = Publication()
        jobs.daily(stores, settings=settings, now=quarter.now)
        if quarter.now.astimezone(settings.zone).weekday() < _WORKDAYS:
            _work(quarter)
        for _ in range(comes.count(number)):
            _come(quarter, dice.choice(emails))
        if quarter.words and quarter.chance(20):
            _come_back(quarter, dice.choice(quarter.words))
        if number % 14 == 0:
            say(f"  week {number // 7 + 1} of {weeks}…")
    _count_contacts(quarter)


def _emails(settings: Settings) -> list[str]:
    with (settings.instance / "roster.csv").open(encoding="utf-8", newline="") as file:
        found = [value for row in csv.reader(file) for value in row if value.endswith("@example.org")]
    return [email for email in found if email.islower()]


def _morning(day: datetime, settings: Settings) -> datetime:
    local = day.astimezone(settings.zone)
    return datetime.combine(local.date(), time(8), settings.zone).astimezone(day.tzinfo)


def _come(quarter: Quarter, email: str) -> None:
    """Most book a time, some write, some call and are written down at the desk."""
    dice, how = quarter.dice, quarter.dice.randrange(10)
    stub = Stub(
        share=dice.choice([Share.NOTHING, Share.NOTHING, Share.PROFILE, Share.PROFILE, Share.NAME]),
        topic=dice.choice(TOPICS)[0],
        call_name=dice.choice(_NAMES),
        people=dice.choice([1, 1, 1, 2]),
        contact="a private number" if quarter.chance(40) else "",
    )
    if how == 0:
        _write(quarter, email, stub)
    elif how <= 2:  # noqa: PLR2004 - two in ten
        making.make(
            quarter.at, words.draw(), making.Wanted(stub=replace(stub, share=Share.NOTHING), starts=quarter.now)
        )
    else:
        _book(quarter, email, stub)


def _book(quarter: Quarter, email: str, stub: Stub) -> None:
    with quarter.stores.desk.reading() as desk:
        names = office.names(desk)
        offers = scheduling.published(desk, quarter.publication, names, settings=quarter.settings, now=quarter.now)
    offer, typed = quarter.dice.choice(offers[:20]), words.draw()
    request = intake.Request(
        words=typed, claim=_claim(quarter, email), slots=[offer.id], mode=quarter.dice.choice(offer.modes), stub=stub
    )
    found = intake.request_meeting(
        quarter.stores, request, publication=quarter.publication, settings=quarter.settings, now=quarter.now
    )
    if isinstance(found, Receipt):
        quarter.words.append(typed)


def _write(quarter: Quarter, email: str, stub: Stub) -> None:
    typed = words.draw()
    letter = intake.Writing(
        words=typed,
        claim=_claim(quarter, email),
        ombuds=quarter.own.ombuds,
        stub=stub,
        text="I would rather write than meet. " + quarter.dice.choice(_LINES),
        form=quarter.dice.randbytes(8).hex(),
    )
    if isinstance(intake.request_writing(quarter.stores, letter, settings=quarter.settings, now=quarter.now), Receipt):
        quarter.words.append(typed)


def _claim(quarter: Quarter, email: str) -> Claim:
    day = quarter.now.astimezone(quarter.settings.zone).date()
    return Claim(email, code_of(email, day, quarter.settings), "code")


def _come_back(quarter: Quarter, typed: str) -> None:
    """Write most often, sometimes cancel, seldom erase."""
    stores, settings, now = quarter.stores, quarter.settings, quarter.now
    if quarter.chance(70):
        said = Said(quarter.dice.randbytes(8).hex(), quarter.dice.choice(_LINES))
        returning.write(stores, typed, said, settings=settings, now=now)
    elif quarter.chance(70):
        returning.cancel(stores, typed, publication=quarter.publication, settings=settings, now=now)
    else:
        returning.erase(stores, typed, publication=quarter.publication, settings=settings, now=now)
        quarter.words.remove(typed)


def _work(quarter: Quarter) -> None:
    """An ombuds' morning: sign in, note what was, answer, ask, propose, close."""
    desk_service.unlock(quarter.at)
    for view in desk_service.views(quarter.at):
        key = bytes.fromhex(view.key)
        _mark(quarter, view, key)
        _answer(quarter, view, key)
        if is_settled(view.matter, desk_service.morning(quarter.at)) and quarter.chance(25):
            _close(quarter, key)


def _mark(quarter: Quarter, view: MatterView, key: bytes) -> None:
    over = [each for each in view.matter.meetings if each.state is State.BOOKED and each.ends <= quarter.now]
    for meeting in over:
        met = quarter.chance(88)
        desk_service.mark(quarter.at, key, State.MET if met else State.MISSED, meeting.uid)
        noting.write(quarter.at, key, _NOTES, view.notes.version)
        if met and quarter.chance(25):
            _ask(quarter, key)
        if met and quarter.chance(35):
            free = meetings.free_times(quarter.at)
            slot = quarter.dice.choice(free[len(free) // 3 :])
            meetings.arrange(quarter.at, key, Wish([slot.id], Mode.phone, State.BOOKED))


def _ask(quarter: Quarter, key: bytes) -> None:
    """Half of the permissions are given aloud."""
    terms = Terms(
        sentence="Somebody in the team asks for a clear plan of shifts.",
        to="the head of unit",
        purpose="a plan",
        may_name=False,
        until=quarter.at.today + 30 * _DAY,
    )
    permitting.ask(quarter.at, key, terms, page=quarter.dice.randbytes(8).hex(), aloud=quarter.chance(50))


def _answer(quarter: Quarter, view: MatterView, key: bytes) -> None:
    if view.matter.messages and view.matter.messages[-1].by is By.VISITOR and quarter.chance(70):
        said = Said(quarter.dice.randbytes(8).hex(), "Thank you for writing. Take the time you need.")
        desk_service.reply(quarter.at, key, said)


def _close(quarter: Quarter, key: bytes) -> None:
    view, dice = desk_service.open_matter(quarter.at, key), quarter.dice
    if not isinstance(view, MatterView):
        return
    count = replace(
        closing.proposed(view),
        concerns=tuple(dice.sample(sorted(CODES), dice.choice([1, 1, 2, 3]))),
        outcome=dice.choice(OUTCOMES),
        referral=dice.choice([REFERRALS[0], REFERRALS[0], *REFERRALS[1:]]),
    )
    closing.close(quarter.at, key, count, version=view.matter.version, publication=quarter.publication)


def _count_contacts(quarter: Quarter) -> None:
    for _ in range(CONTACTS):
        way = quarter.dice.choice(WAYS)
        counting.contact(quarter.at, Count(kind=Kind.CONTACT, mode=way, concerns=(str(quarter.dice.randint(1, 9)),)))
