"""What every page that shows notices says today."""

from datetime import date

from portal import clock
from portal.notices import sentences, service
from portal.notices.rules import Notice
from portal.pages import state


def today() -> date:
    """The office's own day."""
    return clock.now().astimezone(state().settings.zone).date()


def on_board() -> tuple[str, ...]:
    """One sentence for each notice that is not over, in the language of the page."""
    return tuple(sentences.notice(each, state().settings.zone) for each in notices())


def notices() -> tuple[Notice, ...]:
    """All notices that are not over."""
    current, day = state(), today()

    def load() -> list[Notice]:
        with current.stores.site.reading() as site:
            return service.find_notices(site, day)

    return tuple(current.volatile.board.read(day, load))
