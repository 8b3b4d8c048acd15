"""Days, clocks and zones are written in words, at the office's place, in the reader's language."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import DictLoader, Environment

from portal import language
from portal.fields import VisitorForm, one_line
from tests.speaking import in_arabic_letters, keep, translated
from tools.translating import words

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


@pytest.mark.parametrize(
    ("lang", "day", "full", "clock"),
    [
        ("en", "Wednesday 25 November", "Wednesday, 25 November 2026", "00:30"),
        ("es", "miércoles, 25 de noviembre", "miércoles, 25 de noviembre de 2026", "0:30"),
        ("fr", "mercredi 25 novembre", "mercredi 25 novembre 2026", "00:30"),
        ("ar", "الأربعاء، 25 نوفمبر", "الأربعاء، 25 نوفمبر 2026", "00:30"),
        ("de", "Mittwoch, 25. November", "Mittwoch, 25. November 2026", "00:30"),
        ("pt-BR", "quarta-feira, 25 de novembro", "quarta-feira, 25 de novembro de 2026", "00:30"),
    ],
)
def test_days_are_whole_words_and_clocks_have_24_hours_in_every_language(
    lang: str, day: str, full: str, clock: str
) -> None:
    """Digits are those of phones and codes, also in Arabic."""
    with language.speaking(lang):
        assert language.day(LATE, AMSTERDAM) == day
        assert language.full_day(LATE, AMSTERDAM) == full
        assert language.clock(LATE, AMSTERDAM) == clock


def test_a_language_is_named_in_itself() -> None:
    assert [language.own_name(each) for each in ("en", "es", "fr", "ar")] == [
        "English",
        "Español",
        "Français",
        "العربية",
    ]


def test_the_six_plural_forms_of_arabic_reach_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = translated("ar", in_arabic_letters)
    forms = ("صفر", "واحد", "اثنان", "%(count)s قليل", "%(count)s كثير", "%(count)s آخر")
    words.messages(catalogue)["%(count)s minute"].string = forms
    keep(catalogue, tmp_path, "ar")
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    page = "{% trans count=n %}{{ count }} minute{% pluralize %}{{ count }} minutes{% endtrans %}"
    environment = Environment(autoescape=True)
    language.dress(environment, lambda: AMSTERDAM)
    shown = [(0, "صفر"), (1, "واحد"), (2, "اثنان"), (5, "5 قليل"), (45, "45 كثير"), (100, "100 آخر"), (103, "103 قليل")]

    with language.speaking("ar"):
        assert [(n, environment.from_string(page).render(n=n)) for n, _said in shown] == shown
        said = [language.ngettext("%(count)s minute", "%(count)s minutes", n) for n, _said in shown]

    assert [(n, text % {"count": n}) for (n, _said), text in zip(shown, said, strict=True)] == shown


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
