"""How a visitor asks for a time: in words that fit what became of the last one, and are known again later."""

from portal.intake.rules import Message, State
from portal.language import _l, shipped, speaking

MEET, ANOTHER, AGAIN = "meet", "another", "again"
WISHES = {
    MEET: _l("I would like to meet."),
    ANOTHER: _l("Please offer me another time."),
    AGAIN: _l("I would like to meet again."),
}
_LOST = {State.CANCELLED, State.CALLED_OFF, State.MISSED}


def wish_after(state: State | None) -> str:
    """Which wish fits what became of the meeting that counts; None where there is none."""
    if state is None:
        return MEET
    return ANOTHER if state in _LOST else AGAIN


def says(message: Message, wish: str) -> bool:
    """Whether a message is this wish, in whatever language its page was."""
    return any(message.text.startswith(_in(lang, wish)) for lang in shipped())


def _in(lang: str, wish: str) -> str:
    with speaking(lang):
        return str(WISHES[wish])
