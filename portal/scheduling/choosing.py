"""The choice of people in the words of the page: what can be chosen, and what was."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from portal.language import _, tongue
from portal.scheduling import whom
from portal.scheduling.whom import Person, Whom


@dataclass(frozen=True)
class Option:
    """One line of the list: what an address carries, what is read, and whether it is chosen now."""

    part: str
    words: str
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """Lines under one heading."""

    heading: str
    options: tuple[Option, ...]


def to_choose(chosen: Whom, people: Sequence[Person]) -> list[Group]:
    """All that can be asked for among those who are open; groups in which nothing differs are left out."""
    others = [person for person in people if person.is_open and person.id not in chosen.left_out]
    groups = {_("One person"): [(person.id.hex(), person.name) for person in others]}
    if chosen.can_leave_out_more:
        except_them = _("Anyone except %(name)s")
        groups[_("Leave somebody out")] = [
            (whom.WITHOUT + person.id.hex(), except_them % {"name": person.name}) for person in others
        ]
    groups[_("A language")] = _sorted(
        (whom.SPEAKS + code, name) for code in whom.languages_of(people) if (name := tongue(code))
    )
    groups[_("A region")] = [(whom.REGION + whom.region_key(region), region) for region in whom.regions_of(people)]
    offered = {part for pairs in groups.values() for part, _words in pairs}
    more = _words_of(people)
    groups[_("Chosen now")] = [(part, more(part)) for part in chosen.wanted if part not in offered]
    return [
        Group(heading, tuple(Option(part, words, part in chosen.wanted) for part, words in pairs))
        for heading, pairs in groups.items()
        if pairs
    ]


def in_words(chosen: Whom, people: Sequence[Person]) -> str:
    """Such as "With anyone except Otto Falk, in Irish"; the name of somebody who is closed is known here too."""
    words_of = _words_of(people)
    one = next((part for part in chosen.wanted if not part.startswith((whom.SPEAKS, whom.REGION))), None)
    said = [_("With %(name)s") % {"name": words_of(one)} if one else _("With anyone")]
    if chosen.left_out:
        names = _(" or ").join(option.words for option in left_out(chosen, people))
        said = [_("%(with)s except %(names)s") % {"with": said[0], "names": names}]
    for part in chosen.wanted:
        if part.startswith(whom.SPEAKS):
            said.append(_("in %(language)s") % {"language": words_of(part)})
        elif part.startswith(whom.REGION):
            said.append(_("in the region %(region)s") % {"region": words_of(part)})
    return _(", ").join(said)


def left_out(chosen: Whom, people: Iterable[Person]) -> list[Option]:
    """Those who are left out, to be ticked off again."""
    names = {person.id: person.name for person in people}
    return [Option(whom.WITHOUT + key.hex(), names[key], is_chosen=True) for key in chosen.left_out]


def _words_of(people: Sequence[Person]) -> Callable[[str], str]:
    """What a part of a choice is called."""
    names = {person.id.hex(): person.name for person in people}
    regions = {whom.REGION + whom.region_key(person.region): person.region for person in people}
    return lambda part: names.get(part) or regions.get(part) or tongue(part.removeprefix(whom.SPEAKS))


def _sorted(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1].casefold())
