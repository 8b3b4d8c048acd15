"""What a page shows of a matter to its visitor."""

import os
from dataclasses import dataclass, replace

from flask import render_template
from werkzeug.datastructures import MultiDict

from portal.intake import sentences
from portal.intake.documents import room_left
from portal.intake.forms import LONGEST_MESSAGE, MatterForm, WordsForm
from portal.intake.returning import NothingThere, Opened
from portal.intake.rules import Matter, Message, State, month_after
from portal.intake.service import Receipt
from portal.notices.board import on_board
from portal.office import service as office
from portal.pages import state, write_ticket
from portal.roster.rules import Level
from portal.scheduling.rules import Mode, Offer
from portal.sealing.keys import fingerprint

MATTER = "matter"
_FORM_ID = 8


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A matter in the words of its pages; `words` and `fingerprint` stand on the receipt alone."""

    offer: Offer
    matter: Matter
    ombuds_name: str
    video_link: str | None
    phone: str
    room: int
    ticket: str
    words: str = ""
    fingerprint: str = ""
    is_first_choice: bool = True

    @property
    def mode(self) -> str:
        return self.matter.meeting.mode

    @property
    def state(self) -> str:
        return self.matter.meeting.state.value

    @property
    def door(self) -> str:
        return self.matter.venue.door

    @property
    def directions(self) -> str:
        return self.matter.venue.directions

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
    def ends(self) -> object:
        return month_after(self.matter.ends)

    @property
    def messages(self) -> tuple[Message, ...]:
        return self.matter.messages


def receipt_page(found: Receipt, typed: str, *, is_first_choice: bool) -> str:
    receipt = shown(found.matter, typed)
    if found.matter.meeting.state is not State.BOOKED:
        return render_template("intake/matter.html", matter=receipt, form=MatterForm(), note=None, problem=None)
    receipt = replace(receipt, words=typed, fingerprint=fingerprint(found.to_ombuds), is_first_choice=is_first_choice)
    return render_template("intake/receipt.html", receipt=receipt)


def matter_page(
    found: Opened | NothingThere, typed: str, *, form: MatterForm | None = None, note: str | None = None
) -> str:
    """An opened appointment, with what was being typed; or the page that asks for the words again."""
    if isinstance(found, NothingThere):
        return words_page(WordsForm(MultiDict({"words": typed})), wrong=sentences.nothing_there())
    matter = shown(found.matter, typed)
    return render_template("intake/matter.html", matter=matter, form=form or MatterForm(), note=note, problem=None)


def words_page(form: WordsForm, *, wrong: str | None = None, problem: str | None = None) -> str:
    """The page that asks for the six words, with what is `wrong` about them or a `problem` of another kind."""
    if wrong:
        form.words.errors = [wrong]
    return render_template("intake/return.html", form=form, problem=problem, notices=on_board())


def shown(matter: Matter, typed: str) -> Shown:
    """A matter ready for its page, with a ticket that opens it again."""
    settings, meeting, venue = state().settings, matter.meeting, matter.venue
    with state().stores.desk.reading() as desk:
        # Nobody may be there under this id any more; the visitor's page opens all the same.
        name = {key: name for key, name, *_rest in office.colleagues(desk)}.get(matter.ombuds, "")
    mode = Mode(meeting.mode)
    return Shown(
        offer=Offer(
            id=meeting.slot,
            ombuds=matter.ombuds,
            ombuds_name=name,
            starts=meeting.starts,
            minutes=meeting.minutes,
            modes=(mode,),
            place_name=venue.name,
            place_access=venue.access,
            proof_needed=False,
        ),
        matter=matter,
        ombuds_name=name,
        video_link=settings.video_link.format(room=matter.room) if mode is Mode.video else None,
        phone=settings.phone,
        room=min(LONGEST_MESSAGE, room_left(matter)),
        # Each page has a number of its own, so that a message that is sent twice is said once.
        ticket=write_ticket(MATTER, {"words": typed, "page": os.urandom(_FORM_ID).hex()}),
    )
