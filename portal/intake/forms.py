"""What a visitor is asked: when booking, when writing, and when coming back."""

from collections.abc import Iterator, Mapping
from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import ValidationError

from portal.fields import TYPED_EXACTLY, VisitorForm, answers, at_most, needed, one_line, tidy
from portal.intake.choice import PRACTICE, REAL
from portal.intake.rules import Share, Stub
from portal.language import _, _l
from portal.roster.rules import Claim

MODES = (("video", _l("By video")), ("in-person", _l("In person")), ("phone", _l("By phone: you call us")))

PROOFS = (("code", _l("I have a code")), ("none", _l("I have no code at hand")))

SHARES = (
    ("nothing", _l("Only that I belong here")),
    ("profile", _l("My profile, without my name")),
    ("name", _l("My profile and my name")),
)

TOPICS = (
    ("", _l("I would rather not say")),
    ("unsure", _l("I am not sure")),
    ("pay", _l("Pay or benefits")),
    ("manager", _l("My manager or teacher")),
    ("peers", _l("People I work or study with")),
    ("career", _l("My career or my place here")),
    ("rules", _l("Rules, money or the law")),
    ("safety", _l("Safety, health or stress")),
    ("services", _l("A service or an office here")),
    ("place", _l("How this place is run")),
    ("values", _l("Right and wrong")),
)

MOST_PEOPLE = 9
ADDRESS_SIZE = 254
CODE_SIZE = 40
LONGEST_MESSAGE = 1000


class BookForm(VisitorForm):
    """The one form of a booking. The view narrows `mode` to what the chosen times allow."""

    ticket = HiddenField()
    #: Also outside the ticket, which may have ended: a form that was opened to practise must never book.
    go = HiddenField()
    mode = RadioField(_l("How would you like to meet?"), choices=answers(MODES))
    proof = RadioField(_l("Do you have a code?"), choices=answers(PROOFS))
    email = one_line(
        _l("Your work or school email"),
        ADDRESS_SIZE,
        hint=_l("Needed with a code, or to show your profile. We look it up and send nothing."),
        type="email",
        inputmode="email",
        **TYPED_EXACTLY,
    )
    code = one_line(
        _l("Your code"),
        CODE_SIZE,
        hint=_l("Shows you belong here. Emailed to all, like ABCD-EFGH-JKM."),
        **TYPED_EXACTLY,
    )
    share = RadioField(_l("What may the ombuds know about you?"), choices=answers(SHARES), default="nothing")
    call_name = one_line(_l("A name to use"), 60, hint=_l("So that we can call you something. A made-up name is fine."))
    needs = one_line(
        _l("What you need"),
        200,
        hint=_l("So that it is there when you come: a language, an interpreter, step-free access."),
    )
    people = SelectField(
        _l("How many people come?"),
        choices=answers((count, str(count)) for count in range(1, MOST_PEOPLE + 1)),
        coerce=int,
        default=1,
        description=_l("You included, so that there are enough chairs."),
    )
    contact = one_line(
        _l("How to reach you if we must cancel"),
        120,
        hint=_l("A private number or address, not one from work. Leave it empty and nobody can reach you."),
    )
    topic = SelectField(
        _l("What is it about?"),
        choices=answers(TOPICS),
        default="",
        description=_l("So that the ombuds can get ready. You need not say."),
    )
    message = TextAreaField(
        _l("A few words for the ombuds"),
        [at_most(500)],
        filters=[tidy],
        description=_l("Up to 500 letters. No names and no story. Save those for the meeting."),
        render_kw={"rows": 4, "autocomplete": "off"},
    )

    def validate_email(self, field: Field) -> None:
        if field.data and "@" not in field.data:
            raise ValidationError(_("Type your work or school email, like name@example.org."))
        if not field.data and self.proof.data == "code":
            raise ValidationError(_("Type your work or school email, like name@example.org."))
        if not field.data and self.share.data != "nothing":
            raise ValidationError(_("To share your profile, type your email. Or choose “Only that I belong here”."))

    def validate_code(self, field: Field) -> None:
        if not field.data and self.proof.data == "code":
            raise ValidationError(_("Type your code, or choose “I have no code at hand”."))

    @property
    def is_practice(self) -> bool:
        return bool(self.go.data == PRACTICE)

    def settle(self, ticket: Mapping[str, Any] | None) -> None:
        """Say for good whether it is practice: it books only where the ticket and the field agree to."""
        said = {self.go.data, ticket["go"] if ticket else REAL}
        self.go.data = PRACTICE if PRACTICE in said else REAL

    def claim(self) -> Claim:
        return Claim(self.email.data, self.code.data, self.proof.data)

    def stub(self) -> Stub:
        """What was said with it, once the form is found valid."""
        return Stub(
            share=Share(self.share.data),
            topic=self.topic.data,
            message=self.message.data,
            call_name=self.call_name.data,
            needs=self.needs.data,
            people=self.people.data,
            contact=self.contact.data,
            has_address=bool(self.email.data),
        )


class WriteForm(BookForm):
    """The same without a time or a way to meet; its message is the first of the matter. The view names the ombuds."""

    mode = HiddenField()
    people = None
    #: Whether it is open to messages is asked where the message is taken, and has a sentence of its own.
    ombuds = SelectField(_l("To whom?"), choices=(), validate_choice=False)
    contact = one_line(
        _l("Another way to reach you"),
        120,
        hint=_l("A private number or address, not one from work. Leave it empty and the answer waits only here."),
    )
    message = TextAreaField(
        _l("Your message"),
        [needed(_l("Type a message first.")), at_most(LONGEST_MESSAGE)],
        filters=[tidy],
        description=_l("Leave out names and dates if you can. Up to 1,000 letters."),
        render_kw={"rows": 8, "autocomplete": "off"},
    )

    def __iter__(self) -> Iterator[Field]:
        """In the order of the page, which is that of the list of mistakes above it."""
        return iter(sorted(super().__iter__(), key=lambda field: field.name not in {"ombuds", "message"}))

    def stub(self) -> Stub:
        return Stub(
            share=Share(self.share.data),
            topic=self.topic.data,
            call_name=self.call_name.data,
            needs=self.needs.data,
            contact=self.contact.data,
            has_address=bool(self.email.data),
        )


class WordsForm(VisitorForm):
    """The way back: six words in any spelling the eye can forgive.

    `text` is a message whose page had rested too long: it is kept until the words open the appointment again.
    """

    text = HiddenField(filters=[tidy])

    words = one_line(
        _l("Your six words"),
        120,
        needed(_l("Type the six words, with a space between them.")),
        hint=_l("In the order you wrote them down."),
        **TYPED_EXACTLY,
    )


class MatterForm(VisitorForm):
    """A button on an opened appointment. `sure` is "yes" only from the second page."""

    ticket = HiddenField()
    action = HiddenField()
    sure = HiddenField()
    meeting = HiddenField()
    wish = HiddenField()
    when = one_line(_l("When would suit you?"), 120, hint=_l("If you like: days, or the time of day."))
    text = TextAreaField(
        _l("Your message"),
        [at_most(LONGEST_MESSAGE)],
        filters=[tidy],
        description=_l("Only the ombuds reads it. Save the story for the meeting."),
        render_kw={"rows": 5, "autocomplete": "off"},
    )
