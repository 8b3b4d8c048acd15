"""Everybody of the office, as visitors choose among them."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from portal.office import service as office
from portal.scheduling import hours_store
from portal.scheduling.whom import Person


def everybody(desk: Session) -> tuple[Person, ...]:
    """All who have joined, by name; those who are not open stay, so that leaving one out means what it says."""
    found, practices = office.names(desk), hours_store.practices(desk)
    people = []
    for key, name, *_rest in office.colleagues(desk):
        practice = practices.get(key)
        languages, region = (practice.languages, practice.region) if practice else ((), "")
        people.append(Person(key, name, languages, region, is_open=key in found))
    return tuple(sorted(people, key=lambda person: (person.name.casefold(), person.id)))


def names_of(people: tuple[Person, ...]) -> Mapping[bytes, str]:
    """Those who are open: id to name."""
    return {person.id: person.name for person in people if person.is_open}
