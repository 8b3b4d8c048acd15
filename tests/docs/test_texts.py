"""Nothing is said twice in one document, and no merge is left half done."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FOLDERS = (".ci", "docs", "portal", "tests", "tools")
SHORTEST = 60
_MARKER = re.compile(rb"^(?:<{7}|>{7}|\|{7})(?: |$)|^={7}$", re.MULTILINE)
_BULLET = re.compile(r"^(?:[-*]|\d+\.) ")
#: A merge doubles a paragraph and then one side changes a word of it, so sentences and cells are compared one by one.
_BETWEEN = re.compile(r"(?<=[.!?|]) ")


def said_twice(text: str) -> list[str]:
    """The sentences, and the cells of tables, of sixty characters or more that occur more than once."""
    found = Counter(
        sentence
        for line in text.splitlines()
        for sentence in _BETWEEN.split(_BULLET.sub("", " ".join(line.split())))
        if len(sentence) >= SHORTEST
    )
    return [sentence for sentence, times in found.items() if times > 1]


def terms_twice(text: str) -> list[str]:
    """The words in bold, at the beginning of a row or a line of a list, that are explained more than once."""
    found = Counter(re.findall(r"(?m)^(?:- |\| )\*\*([^*]+)\*\*", text))
    return [term for term, times in found.items() if times > 1]


def has_marker(content: bytes) -> bool:
    return b"\0" not in content and _MARKER.search(content) is not None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_says_a_thing_twice(document: Path) -> None:
    text = document.read_text("utf-8")
    assert said_twice(text) == []
    assert terms_twice(text) == []


def test_a_sentence_and_a_term_that_come_twice_are_found() -> None:
    sentence = "Erasing overwrites the lock first, then the boxes with fresh blanks around nothing."
    assert said_twice(f"{sentence}\n\nSomething else.\n\n- {sentence}  \n") == [sentence]
    assert said_twice(f"One is changed. {sentence}\n\nThe other is not. {sentence}\n") == [sentence]
    assert said_twice("Short.\n\nShort.\n") == []
    assert terms_twice("- **Pulse**: a thread.\n- **Tick**: a command.\n- **Pulse**: a thread of the server.\n") == [
        "Pulse"
    ]


def test_no_merge_is_left_half_done() -> None:
    """Looks at every file of the project, not at what programs made beside them."""
    files = [each for each in ROOT.iterdir() if each.is_file()]
    files += [each for folder in FOLDERS for each in (ROOT / folder).rglob("*") if each.is_file()]
    looked_at = [each for each in files if "__pycache__" not in each.parts]
    assert [str(each.relative_to(ROOT)) for each in looked_at if has_marker(each.read_bytes())] == []


@pytest.mark.parametrize("sign", ["<", "=", ">", "|"])
def test_the_marks_of_a_merge_are_found(sign: str) -> None:
    assert has_marker(f"before\n{7 * sign}\nafter\n".encode())
    assert not has_marker(f"before\n{6 * sign}\n{8 * sign}\nafter\n".encode())
