"""Days, clocks and zones are written in words, at the office's place, in the reader's language."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from jinja2 import DictLoader, Environment

from portal import language
from portal.fields import VisitorForm, one_line

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LATE = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def test_a_day_is_the_day_at_the_office() -> None:
    assert language.day(LATE, AMSTERDAM) == "Wednesday 25 November"
    assert language.day(date(2026, 11, 24), AMSTERDAM) == "Tuesday 24 November"


def test_a_clock_has_24_hours() -> None:
    assert language.clock(datetime(2026, 11, 24, 13, tzinfo=UTC), AMSTERDAM) == "14:00"


def test_a_clock_follows_the_summer_time_of_the_office() -> None:
    assert language.clock(datetime(2026, 7, 1, 12, tzinfo=UTC), AMSTERDAM) == "14:00"


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Amsterdam", "Central European Time"),
        ("America/New_York", "Eastern Time"),
        ("UTC", "Coordinated Universal Time"),
    ],
)
def test_a_zone_is_named_in_words(zone: str, words: str) -> None:
    assert language.zone_name(ZoneInfo(zone)) == words


def test_the_language_holds_for_one_page_only() -> None:
    with language.speaking("ar"):
        assert language.current() == "ar"
        assert "نوفمبر" in language.day(LATE, AMSTERDAM)

    assert language.current() == "en"


def test_a_language_knows_its_direction() -> None:
    assert [language.text_direction(lang) for lang in ("en", "ar", "he", "pt-BR")] == ["ltr", "rtl", "rtl", "ltr"]


def test_english_is_always_shipped() -> None:
    assert language.shipped()[0] == "en"


def test_a_label_is_translated_when_it_is_shown_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    class Form(VisitorForm):
        name = one_line(language._l("Name"), 60)

    form = Form()
    monkeypatch.setattr(language, "_catalogue", lambda _lang: Shouting())

    assert str(form.name.label.text) == "NAME"


def test_templates_speak_through_the_catalogue() -> None:
    pages = {"page": "{% trans name='<Vera>' %}Hello {{ name }}{% endtrans %} {{ when|day }} {{ when|clock }}"}
    environment = Environment(loader=DictLoader(pages), autoescape=True)
    language.dress(environment, lambda: AMSTERDAM)

    page = environment.get_template("page").render(when=LATE)

    assert page == "Hello &lt;Vera&gt; Wednesday 25 November 00:30"


class Shouting:
    """A language that everybody can tell from English."""

    def gettext(self, message: str) -> str:
        return message.upper()
