"""Another time for an appointment: one to three, and which week of the list is shown."""

from wtforms import HiddenField

from portal.fields import VisitorForm
from portal.scheduling.forms import SlotsField


class MoveForm(VisitorForm):
    """What the page of other times sends besides the fields of every button; `held` is the slot that it showed."""

    held = HiddenField()
    week = HiddenField()
    slot = SlotsField()
