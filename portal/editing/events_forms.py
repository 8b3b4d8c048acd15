"""The forms of events."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import DateField, HiddenField, SelectField, TextAreaField, TimeField

from portal.fields import DeskForm, answers, at_most, needed, one_line, tidy
from portal.language import _, _l
from portal.site import event_rules as rules
from portal.site.event_rules import Facts, Wrong
from portal.site.events import Standing
from portal.site.links import Site

_DAY = {"pattern": "[0-9]{4}-[0-9]{2}-[0-9]{2}", "placeholder": "2027-10-12", "autocomplete": "off"}
_CLOCK = {"pattern": "[0-2]?[0-9]:[0-5][0-9]", "placeholder": "09:30", "autocomplete": "off"}
_SAID = {
    Wrong.ENDS: _l("The end must come after the start. Write the afternoon like 17:00."),
    Wrong.OVER: _l("This is over already. Choose a day and an end that are still to come."),
    Wrong.SKIPPED: _l("The clocks are put forward that night and skip this time. Choose another."),
    Wrong.LINK: _l("Type the whole link. It begins with https:// and names another site."),
    Wrong.NOWHERE: _l("Say where it is, or give a link, so that people can come."),
    Wrong.HEADING: _l("An event has one title, above. Leave out the lines that begin with #."),
    Wrong.MARKS: _l("This holds HTML, a picture or a link that is not safe. Write plain words."),
    Wrong.ASTRAY: _l("A link leads nowhere. Write a page here as /about/visit, another site with https://…"),
}


class EventForm(DeskForm):
    """One event and its words in one language; `mark` names what it was when the page was made."""

    day = DateField(_l("Day"), [needed(_l("Choose a day, like 2027-10-12."))], render_kw=_DAY)
    starts = TimeField(_l("From"), [needed(_l("Say when it starts, like 09:30."))], render_kw=_CLOCK)
    ends = TimeField(_l("To"), [needed(_l("Say when it ends, like 17:00."))], render_kw=_CLOCK)
    title = one_line(_l("Title"), rules.TITLE_LIMIT, needed(_l("Give it a title.")))
    text = TextAreaField(
        _l("What it is about"),
        [at_most(rules.TEXT_LIMIT)],
        filters=[tidy],
        description=_l("Two or three short sentences. *Stars* make words lean."),
        render_kw={"rows": "4"},
    )
    place = one_line(_l("Where"), rules.PLACE_LIMIT)
    link = one_line(
        _l("A link to join online"),
        rules.LINK_LIMIT,
        hint=_l("Whoever follows it is seen by that other site. Visitors are told so."),
        inputmode="url",
    )
    audience = SelectField(_l("Made for"))
    mark = HiddenField()

    def __init__(
        self,
        titles: Mapping[str, str],
        zone: ZoneInfo,
        now: datetime,
        here: Site,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(**kwargs)
        self._zone, self._now, self._here = zone, now, here
        own = self.audience.object_data or ""
        # A page that is no longer shown keeps its events, until somebody chooses another.
        known = {**titles, own: own} if own and own not in titles else titles
        self.audience.choices = answers([("", _("Everybody")), *known.items()])

    def validate(self, extra_validators: Mapping[str, list[Any]] | None = None) -> bool:
        fine = super().validate(extra_validators=extra_validators)
        if not (self.day.errors or self.starts.errors or self.ends.errors):
            for name, wrong in rules.wrongs(self.facts(), self._zone, self._now, self._here.host).items():
                self[name].errors = [*self[name].errors, str(_SAID[wrong])]
        # What is too long is not read: some marks take a reader the square of their number.
        wrong_text = None if self.text.errors else rules.wrong_text(self.text.data, self._here)
        if wrong_text:
            self.text.errors = [str(_SAID[wrong_text])]
        return bool(fine) and not self.errors

    def facts(self) -> Facts:
        return Facts(
            _wall(self.day.data, self.starts.data),
            _wall(self.day.data, self.ends.data),
            self.place.data,
            self.link.data,
            self.audience.data,
        )

    def markdown(self) -> str:
        return rules.as_markdown(self.title.data, self.text.data)


class MarkForm(DeskForm):
    """Takes words back, or an event away; `mark` names what it was when the page was made."""

    mark = HiddenField(validators=[needed(_l("Nothing was changed."))])


def as_fields(standing: Standing) -> dict[str, object]:
    """What stands there as the values of the form's fields."""
    title, text = rules.as_typed(standing.words.text)
    found: dict[str, object] = {"title": title, "text": text}
    facts = standing.facts
    if facts is None:
        return found
    when = {"day": facts.starts.date(), "starts": facts.starts.time(), "ends": facts.ends.time()}
    return found | when | {"place": facts.place, "link": facts.link, "audience": facts.audience}


def _wall(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock.replace(second=0, microsecond=0))
