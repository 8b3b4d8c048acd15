"""What an ombuds types of somebody who called, wrote or came by."""

from wtforms import HiddenField, RadioField, SelectField, TextAreaField

from portal.fields import DeskForm, answers, at_most, one_line, tidy
from portal.intake.forms import MOST_PEOPLE, TOPICS
from portal.language import _l

NO_TIME, NOW = "", "now"

MODES = (
    ("phone", _l("By phone")),
    ("in-person", _l("In person")),
    ("video", _l("By video")),
)


class MakeForm(DeskForm):
    """A new matter; `ticket` holds its six words, so that a form sent twice makes one matter."""

    ticket = HiddenField()
    call_name = one_line(_l("A name to use"), 60, hint=_l("Not the real one, unless they want it so."))
    mode = RadioField(_l("How?"), choices=answers(MODES), default="phone")
    slot = SelectField(_l("When?"), default=NO_TIME)
    topic = SelectField(_l("What is it about?"), choices=answers(TOPICS), default="")
    people = SelectField(
        _l("How many people come?"),
        choices=answers((count, str(count)) for count in range(1, MOST_PEOPLE + 1)),
        coerce=int,
        default=1,
    )
    needs = one_line(_l("What they need"), 200)
    contact = one_line(_l("How to reach them if you must cancel"), 120, hint=_l("Nothing from work."))
    message = TextAreaField(
        _l("In their words"), [at_most(500)], filters=[tidy], render_kw={"rows": 3, "autocomplete": "off"}
    )


class WordsForm(DeskForm):
    """New words are a POST, because the old ones end with it; `ticket` holds them, so that they are given once."""

    ticket = HiddenField()
