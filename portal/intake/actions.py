"""What the buttons on an opened matter do: each action has a name, and one function that answers with a page."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response

from portal.intake import returning
from portal.intake.forms import MatterForm
from portal.intake.returning import NothingThere, Opened
from portal.intake.shown import matter_page
from portal.pages import state


@dataclass(frozen=True, repr=False)
class Asked:
    """A button that was pressed: what came with it, the six words of its page, and that page's number."""

    form: MatterForm
    words: str
    page: str

    def open(self) -> Opened | NothingThere:
        """The matter as it is now; it costs a key derivation, so ask once."""
        return returning.come_back(state().stores, self.words, settings=state().settings)


Answer = Callable[[Asked], str | Response]
ACTIONS: dict[str, Answer] = {}


def action(name: str) -> Callable[[Answer], Answer]:
    """Make a function answer to the button of this name."""

    def register(answer: Answer) -> Answer:
        ACTIONS[name] = answer
        return answer

    return register


def show(asked: Asked) -> str:
    """The matter as it is, for a button that means nothing."""
    return matter_page(asked.open(), asked.words)
