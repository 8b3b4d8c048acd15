"""How an ombuds meets people."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from wtforms import Field, SelectField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.config import Settings
from portal.fields import answers, needed, one_line
from portal.language import _, _l, ngettext
from portal.scheduling import choices
from portal.scheduling.forms import MODES
from portal.scheduling.hours_forms import SureForm
from portal.scheduling.labels import told_apart
from portal.scheduling.range_forms import place_of
from portal.scheduling.rules import NOWHERE, Mode, Place, Practice

LENGTHS = (15, 20, 30, 40, 45, 50, 60, 75, 90, 120)
PAUSES = (0, 5, 10, 15, 20, 30, 45, 60)
NOTICES = (1, 2, 4, 8, 12, 24, 48, 72, 120, 168, 336)
HORIZONS = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 26)
MOST_A_DAY = 12
ONLINE = (
    (100, _l("All of my hours")),
    (75, _l("Three quarters of them")),
    (50, _l("Half of them")),
    (25, _l("A quarter of them")),
)
WITHOUT_CODE = (
    (100, _l("All times that are open online")),
    (50, _l("Half of them")),
    (25, _l("A quarter of them")),
    (0, _l("None: everybody needs a code")),
)
#: As the office set it.
_OFFICES = -1


class PracticeForm(SureForm):
    """What all times of an ombuds have in common; `fill` gives the lists that only a running office knows."""

    minutes = SelectField(_l("Length of an appointment"), coerce=int, default=60)
    buffer = SelectField(
        _l("Pause between two visitors"), coerce=int, default=0, description=_l("So that no two of them meet.")
    )
    a_day = SelectField(_l("Appointments on one day"), coerce=int, default=0)
    modes = SelectMultipleField(
        _l("Ways to meet"),
        [needed(_l("Choose at least one way to meet."))],
        choices=answers(MODES),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    place = SelectField(_l("My usual place"), default="")
    online = SelectField(
        _l("Open for booking here"),
        coerce=int,
        choices=answers(ONLINE),
        default=100,
        description=_l("The rest stays yours, for people who call or come by."),
    )
    without_code = SelectField(
        _l("Open to people without a code"),
        coerce=int,
        choices=answers(WITHOUT_CODE),
        default=100,
        description=_l("With none, nobody without a code can write to you here either."),
    )
    notice_hours = SelectField(_l("How long before"), coerce=int, default=_OFFICES)
    horizon_weeks = SelectField(_l("How far ahead"), coerce=int, default=_OFFICES)
    zone = SelectField(_l("Zone of these hours"), default="")
    holidays = SelectField(_l("Closed on public holidays of"), default="")
    part = SelectField(
        _l("Part of the country"),
        default="",
        description=_l("If holidays differ there. Choose the country and keep it first; then its parts are here."),
    )
    languages = SelectMultipleField(
        _l("Languages you speak"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    region = one_line(
        _l("Region"), 60, hint=_l("A site, a campus or a country: the word by which people look for somebody near.")
    )

    def fill(self, now: Practice, places: Mapping[bytes, Place], settings: Settings) -> None:
        """Offer what this office has; what is set already is always among it."""
        self.minutes.choices = answers((n, _minutes(n)) for n in _with(LENGTHS, now.minutes))
        self.buffer.choices = answers((n, _minutes(n) if n else _("No pause")) for n in _with(PAUSES, now.buffer))
        self.a_day.choices = answers((n, _at_most(n)) for n in _with(range(MOST_A_DAY + 1), now.a_day))
        for field, value in ((self.online, now.online), (self.without_code, now.without_code)):
            if value not in {each.value for each in field.choices}:
                field.choices = [*field.choices, *answers([(value, f"{value} %")])]
        names = told_apart(places.values())
        self.place.choices = answers([("", _("No place")), *((key.hex(), names[key]) for key in places)])
        if not settings.phone:
            self.modes.description = _(
                "No call can be booked yet: the office has no number. Ask your operator to set it."
            )
        self._fill_times(now, settings)
        self._fill_words(now, settings)

    def practice(self, before: Practice) -> Practice:
        """The practice as it was typed."""
        part = self.part.data if self.part.data in dict(choices.parts(self.holidays.data)) else ""
        return replace(
            before,
            minutes=self.minutes.data,
            buffer=self.buffer.data,
            a_day=self.a_day.data,
            modes=tuple(Mode(mode) for mode in self.modes.data),
            place=place_of(self.place.data),
            online=self.online.data,
            without_code=self.without_code.data,
            notice_hours=_or_none(self.notice_hours.data),
            horizon_weeks=_or_none(self.horizon_weeks.data),
            zone=self.zone.data,
            holidays=f"{self.holidays.data}-{part}" if part else self.holidays.data,
            languages=tuple(self.languages.data),
            region=self.region.data,
        )

    def validate_place(self, field: Field) -> None:
        if "in-person" in (self.modes.data or []) and not field.data:
            raise ValidationError(_("Choose where you meet people in person, or add a place under Places first."))

    def _fill_times(self, now: Practice, settings: Settings) -> None:
        as_office = _("As the office: %(length)s")
        hours = [(n, _hours(n)) for n in _with(NOTICES, now.notice_hours)]
        self.notice_hours.choices = answers([(_OFFICES, as_office % {"length": _hours(settings.notice_hours)}), *hours])
        most = settings.horizon_weeks
        weeks = [(n, _weeks(n)) for n in _with(HORIZONS, now.horizon_weeks) if n < most or n == now.horizon_weeks]
        self.horizon_weeks.choices = answers([(_OFFICES, as_office % {"length": _weeks(most)}), *weeks])
        self.horizon_weeks.description = _("Never more than the office opens: %(weeks)s.") % {"weeks": _weeks(most)}

    def _fill_words(self, now: Practice, settings: Settings) -> None:
        office = _("The office's: %(zone)s") % {"zone": settings.zone.key.replace("_", " ")}
        zones = dict.fromkeys((*choices.zones(), *([now.zone] if now.zone else [])))
        self.zone.choices = answers([("", office), *((name, name.replace("_", " ")) for name in zones)])
        self.holidays.choices = answers([("", _("No country: open on holidays")), *choices.countries()])
        # Of the country that was kept, and of the one that was chosen just now: its part may come with it.
        country = self.holidays.data or ""
        self.part.choices = answers([("", _("The whole country")), *choices.parts(country)])
        if self.part.data not in {each.value for each in self.part.choices}:
            self.part.data = ""  # of another country than the one that is chosen now
        known = dict(choices.languages())
        self.languages.choices = answers(
            [*known.items(), *((code, code) for code in now.languages if code not in known)]
        )


def as_fields(practice: Practice) -> dict[str, object]:
    """A stored practice as the values of the form's fields."""
    country, _dash, part = practice.holidays.partition("-")
    return vars(practice) | {
        "modes": [mode.value for mode in practice.modes],
        "place": "" if practice.place == NOWHERE else practice.place.hex(),
        "notice_hours": _OFFICES if practice.notice_hours is None else practice.notice_hours,
        "horizon_weeks": _OFFICES if practice.horizon_weeks is None else practice.horizon_weeks,
        "holidays": country,
        "part": part,
        "languages": list(practice.languages),
    }


def _or_none(value: int) -> int | None:
    return None if value == _OFFICES else value


def _with(offered: Iterable[int], value: int | None) -> list[int]:
    """What is offered and what is set, in order."""
    return sorted({*offered, *([value] if value is not None else [])})


def _at_most(count: int) -> str:
    return _("At most %(count)d") % {"count": count} if count else _("No limit")


def _minutes(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


def _hours(count: int) -> str:
    if count and count % 24 == 0:
        return ngettext("%(count)d day", "%(count)d days", count // 24) % {"count": count // 24}
    return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}


def _weeks(count: int) -> str:
    return ngettext("%(count)d week", "%(count)d weeks", count) % {"count": count}
