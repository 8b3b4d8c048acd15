"""What a page shows of a matter to its visitor."""

import os
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import render_template
from werkzeug.datastructures import MultiDict

from portal import clock
from portal.intake import sentences
from portal.intake.documents import room_left
from portal.intake.entries import worth_noting
from portal.intake.forms import LONGEST_MESSAGE, MatterForm, WordsForm
from portal.intake.permissions import Permission, Standing
from portal.intake.practising import Practised
from portal.intake.returning import NothingThere, Opened
from portal.intake.revealing import choices
from portal.intake.rules import By, Matter, Meeting, Message, State, month_after, week_of_end
from portal.intake.service import Receipt
from portal.intake.upkeep import furthest_end
from portal.intake.wishes import in_page_language, says, wish_after
from portal.language import _
from portal.notices.board import on_board
from portal.office import service as office
from portal.pages import state, write_ticket
from portal.roster.rules import Level
from portal.scheduling.rules import Mode
from portal.sealing.keys import fingerprint

MATTER = "matter"
FORM_ID = 8


@dataclass(frozen=True, kw_only=True)
class ShownMeeting:
    """One meeting in the words of the pages; `starts` is in UTC."""

    uid: str
    starts: datetime
    minutes: int
    mode: str
    state: str
    choice: str
    is_to_come: bool
    ombuds_name: str
    place_name: str
    place_access: str
    door: str
    directions: str
    video_link: str | None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A matter in the words of its pages; `words`, `fingerprint` and `instead` stand on the receipt alone."""

    matter: Matter
    today: date
    ombuds_name: str
    meetings: tuple[ShownMeeting, ...]
    phone: str
    room: int
    ticket: str
    ends: date
    latest: date
    has_calendar: bool
    has_colleagues: bool = False
    words: str = ""
    fingerprint: str = ""
    instead: str = ""

    @property
    def meeting(self) -> ShownMeeting | None:
        """The one that counts now."""
        found = self.matter.meeting
        return None if found is None else self._with_uid(found.uid)

    @property
    def booked(self) -> list[ShownMeeting]:
        return [each for each in self.meetings if each.state == State.BOOKED]

    @property
    def to_come(self) -> list[ShownMeeting]:
        return [each for each in self.booked if each.is_to_come]

    @property
    def has_cancelled_several(self) -> bool:
        return sum(each.state == State.CANCELLED for each in self.meetings) > 1

    @property
    def proposed(self) -> list[ShownMeeting]:
        return [each for each in self.meetings if each.state == State.PROPOSED]

    @property
    def offered(self) -> list[ShownMeeting]:
        """Proposals that can still be answered."""
        return [each for each in self.proposed if each.is_to_come]

    @property
    def has_more_ways(self) -> bool:
        """Whether taking one of the proposals says no to another."""
        choices = [each.choice for each in self.offered if each.choice]
        return len(choices) > len(set(choices))

    @property
    def can_ask_again(self) -> bool:
        """Whether nothing is to come, and nothing waits for an answer that could be."""
        return not self.offered and not self.to_come

    @property
    def wish(self) -> str:
        """The words in which another time would be asked for."""
        return wish_after(self.matter.meeting.state if self.matter.meeting else None)

    @property
    def asked_on(self) -> datetime | None:
        """When the visitor asked for a time, if that was the last that was said."""
        last = self.matter.messages[-1] if self.matter.messages else None
        return last.written if last and last.by is By.VISITOR and says(last, self.wish) else None

    @property
    def may_be_answered(self) -> bool:
        """Whether a time that is over or given back may be what was asked for: nothing kept tells which came first."""
        return len(self.meetings) > 1 or any(each.state in {State.PROPOSED, State.DECLINED} for each in self.meetings)

    @property
    def state(self) -> str:
        """What became of the meeting that counts now; "writing" where there is none."""
        return self.meeting.state if self.meeting else "writing"

    @property
    def call_name(self) -> str:
        return self.matter.stub.call_name

    @property
    def share(self) -> str:
        return self.matter.stub.share.value

    @property
    def has_address(self) -> bool:
        return self.matter.stub.has_address

    @property
    def has_contact(self) -> bool:
        return bool(self.matter.stub.contact)

    @property
    def has_code(self) -> bool:
        return self.matter.level == Level.mailbox

    @property
    def can_show_more(self) -> bool:
        return bool(choices(self.matter))

    @property
    def by_desk(self) -> bool:
        return self.matter.by_desk

    @property
    def messages(self) -> tuple[Message, ...]:
        return tuple(map(in_page_language, self.matter.messages))

    @property
    def has_answer(self) -> bool:
        """Whether the last word is the ombuds'."""
        return bool(self.messages) and self.messages[-1].by is By.OMBUDS

    @property
    def open_permissions(self) -> list[Permission]:
        """Those with which something can still be done, the newest first."""
        return [each for each in reversed(self.matter.permissions) if each.is_open(self.today)]

    @property
    def ended_permissions(self) -> list[Permission]:
        return [each for each in reversed(self.matter.permissions) if not each.is_open(self.today)]

    @property
    def questions(self) -> list[Permission]:
        """Permissions that wait for a yes or a no."""
        return [each for each in self.open_permissions if each.standing is Standing.ASKED]

    def _with_uid(self, uid: str) -> ShownMeeting:
        return next(each for each in self.meetings if each.uid == uid)


def receipt_page(found: Receipt, typed: str, *, instead: str = "") -> str:
    """The receipt, with a sentence on why it is for another time `instead` of the first choice."""
    receipt = shown(found.matter, typed)
    if receipt.meeting and not receipt.booked:  # sent again, from a page that was left open while the matter went on
        return _matter_page(receipt, MatterForm())
    receipt = replace(receipt, words=typed, fingerprint=fingerprint(found.to_ombuds), instead=instead)
    return render_template("intake/receipt.html" if receipt.meeting else "intake/sent.html", receipt=receipt)


def practised_page(found: Practised, typed: str) -> str:
    """What stands where a receipt would, with words that open nothing."""
    return render_template("intake/practised.html", receipt=replace(shown(found.matter, typed), words=typed))


def matter_page(
    found: Opened | NothingThere,
    typed: str,
    *,
    form: MatterForm | None = None,
    note: str | None = None,
    remark: str | None = None,
) -> str:
    """An opened appointment, with what was being typed; or the page that asks for the words again.

    `note` says what was done, `remark` why nothing was. What is typed into a `form` without either waits to be sent.
    """
    if isinstance(found, NothingThere):
        return words_page(WordsForm(MultiDict({"words": typed})), wrong=sentences.nothing_there())
    matter, form = shown(found.matter, typed), form or MatterForm()
    if not matter.meetings:
        form.text.description = _("Only the ombuds reads it. Leave out names and dates if you can.")
    return _matter_page(matter, form, note=note, remark=remark)


def _matter_page(matter: Shown, form: MatterForm, *, note: str | None = None, remark: str | None = None) -> str:
    return render_template("intake/matter.html", matter=matter, form=form, note=note, remark=remark)


def words_page(form: WordsForm, *, wrong: str | None = None, problem: str | None = None) -> str:
    """The page that asks for the six words, with what is `wrong` about them or a `problem` of another kind."""
    if wrong:
        form.words.errors = [wrong]
    return render_template("intake/return.html", form=form, problem=problem, notices=on_board())


def shown(matter: Matter, typed: str) -> Shown:
    """A matter ready for its page, with a ticket that opens it again."""
    settings, today = state().settings, clock.now().astimezone(state().settings.zone).date()
    with state().stores.desk.reading() as desk:
        # Nobody may be there under this id any more; the visitor's page opens all the same.
        name = {key: name for key, name, *_rest in office.colleagues(desk)}.get(matter.ombuds, "")
        others = office.names(desk).keys() - {matter.ombuds}
    return Shown(
        matter=matter,
        today=today,
        ombuds_name=name,
        meetings=tuple(_meeting(each, matter, name) for each in matter.meetings),
        phone=settings.phone,
        room=min(LONGEST_MESSAGE, room_left(matter)),
        # Each page has a number of its own, so that a message that is sent twice is said once.
        ticket=write_ticket(MATTER, {"words": typed, "page": os.urandom(FORM_ID).hex()}),
        ends=week_of_end(matter.ends),
        # What the server does by itself, counted from the last sign-in that can lie before the matter's own end.
        latest=month_after(furthest_end(matter.ends, settings)),
        has_calendar=bool(worth_noting(matter, clock.now())),
        has_colleagues=bool(others),
    )


def _meeting(meeting: Meeting, matter: Matter, name: str) -> ShownMeeting:
    return ShownMeeting(
        uid=meeting.uid,
        starts=meeting.starts,
        minutes=meeting.minutes,
        mode=meeting.mode,
        state=meeting.state.value,
        choice=meeting.choice,
        is_to_come=meeting.starts > clock.now(),
        ombuds_name=name,
        place_name=meeting.venue.name,
        place_access=meeting.venue.access,
        door=meeting.venue.door,
        directions=meeting.venue.directions,
        video_link=state().settings.video_link.format(room=matter.room) if meeting.mode == Mode.video else None,
    )
