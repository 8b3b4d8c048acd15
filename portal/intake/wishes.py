"""How a visitor asks for a time: in words that fit what became of the last one, and are known again later.

They are kept in the language of the desk: the ombuds reads them, and a matter must not hold that of its visitor.
"""

from dataclasses import replace

from portal.intake.rules import By, Message, State
from portal.language import SOURCE, _l, speaking

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
    """Whether a message is this wish."""
    return message.text.startswith(kept(wish))


def kept(wish: str) -> str:
    """The words of a wish as the ombuds reads them; one that nobody knows asks to meet again."""
    with speaking(SOURCE):
        return str(WISHES.get(wish, WISHES[AGAIN]))


def in_page_language(message: Message) -> Message:
    """A visitor's own wish in the language that they read; what somebody typed stays as it is."""
    found = next((wish for wish in WISHES if message.by is By.VISITOR and says(message, wish)), None)
    if found is None:
        return message
    return replace(message, text=f"{WISHES[found]}{message.text.removeprefix(kept(found))}")
