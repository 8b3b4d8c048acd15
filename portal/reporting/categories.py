"""Keys of the reporting categories that ombuds offices share (International Ombuds Association, 2007)."""

#: Each of the nine with the letters of its sub-codes; the last letter is always "other".
LETTERS = {
    "1": "abcde",
    "2": "abcdefghijklmnopqrs",
    "3": "abcdefghij",
    "4": "abcdefghijkl",
    "5": "abcdefghij",
    "6": "abcdefghij",
    "7": "abcde",
    "8": "abcdefghijk",
    "9": "abcde",
}
CATEGORIES = tuple(LETTERS)
CODES = tuple(f"{category}.{letter}" for category, letters in LETTERS.items() for letter in letters)
#: What a concern may be counted as: a sub-code, or a category as a whole.
CONCERNS = frozenset((*CATEGORIES, *CODES))


def category_of(concern: str) -> str:
    """The one of the nine that a concern belongs to: "2" for "2.f"."""
    return concern.partition(".")[0]
