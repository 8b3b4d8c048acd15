"""What it does to write into each column of the stores, and what came of trying it."""

from collections.abc import Iterator

from tests.promises.attacked_office import Office, Outcome
from tests.promises.operator_hand import Attack, columns, empty, noise, roll_back, swap, write

#: What a sealed matter hangs on: whatever is written here, somebody is told.
NOTICED = {
    "ombuds.id": "Ola's own key is not there under her id",
    "ombuds.public_key": "she compares it with her own at every sign-in",
    "office.id": "the office key is not there",
    "office.public_key": "it does not belong to the private half that she holds",
    "locker.id": "a box opens in its own row only, and the ledger misses the old row",
    "locker.ombuds": "the ledger misses it",
    "locker.state": "the ledger misses it: an end would have brought a new lock",
    "locker.lookup": "the document names the words that lead to it",
    "locker.notes": "they do not open, or are older than the ledger knows",
    "locker.to_ombuds": "another pair key, or an older version than the ledger knows",
    "lock.locker": "the box does not open, and when the night ends it, a matter is gone before its day",
    "lock.secret": "the same",
    "keyring.ombuds": "she cannot sign in",
    "keyring.salt": "she cannot sign in",
    "keyring.wrapped_code": "she cannot sign in",
    "keyring.second_factor": "she cannot sign in with her own app",
    "keyring.office_key": "profiles do not open, or the key is foreign",
    "ledger.ombuds": "the ledger is lost",
    "ledger.box": "the ledger is lost, or the last sign-in that she is shown is not her last",
    "face.ombuds": "the public key on the site is compared too",
    "face.public_key": "the same",
}
#: Noticed too, but for these: what a sign-in puts right without a word.
PUT_RIGHT = {
    "locker.to_visitor": "under the right lock only its visitor would see it; the next sign-in seals it anew",
    "locker.destroy_on": "the true day stands in the document; an earlier one ends it, and then a matter is gone",
    "ombuds.state": "open stays open for whoever was admitted; any other state closes booking",
}
#: What the operator may disturb and nobody learns anything by.
NUISANCE = {
    "ombuds.name": "the operator's word for a key; the fingerprint on the receipt says whose it is",
    "ombuds.join_hash": "nobody can join who has joined",
    "hours.ombuds": "public hours, which their ombuds sees and sets",
    "hours.weekday": "the same",
    "hours.starts": "the same",
    "hours.ends": "the same",
    "hours.kind": "the same",
    "hours.modes": "the same",
    "hours.place": "the same",
    "special.ombuds": "the same, of one date",
    "special.day": "the same",
    "special.starts": "the same",
    "special.ends": "the same",
    "special.kind": "the same",
    "special.modes": "the same",
    "special.place": "the same",
    "place.id": "public facts; each matter holds the place it was booked for",
    "place.name": "the same",
    "place.access": "the same",
    "place.door": "the same; whoever sends visitors to another door can also change the server",
    "place.directions": "the same",
    "place.is_step_free": "the same",
    "place.has_no_sign": "the same",
    "place.is_apart": "the same",
    "room.place": "who has a place when, by hours alone; each matter holds the place it was booked for",
    "room.ombuds": "the same",
    "room.use": "the same",
    "busy.ombuds": "an ombuds' own busy times: free ones are not offered, or busy ones are",
    "busy.read_at": "the same",
    "busy.map": "the same",
    "calendar.ombuds": "where an ombuds' own calendar is; no key hangs on it",
    "calendar.address": "the same",
    "calendar.feed": "whoever holds a token that fits reads the list that everybody reads, turned around",
    "practice.ombuds": "public facts, which their ombuds sees and sets",
    "practice.minutes": "the same",
    "practice.modes": "the same",
    "practice.without_code": "the same; the level of each matter is sealed in it",
    "practice.place": "the same; each matter holds the place it was booked for",
    "practice.buffer": "the same",
    "practice.a_day": "the same",
    "practice.online": "the same",
    "practice.notice_hours": "the same",
    "practice.horizon_weeks": "the same",
    "practice.zone": "the same",
    "practice.holidays": "the same",
    "practice.languages": "the same",
    "practice.region": "the same",
    "slot.id": "times on offer: a booked one stands in the sealed document",
    "slot.ombuds": "the same",
    "slot.starts": "the same",
    "slot.minutes": "the same",
    "slot.modes": "the same",
    "slot.proof_needed": "the same",
    "slot.place": "the same; where it is stands in the sealed document",
    "slot.grain": "random bytes that nobody reads",
    "slot.state": "taken or free is public",
    "diary.id": "one row",
    "diary.last_day": "a public day",
    "face.name": "the name in a notice; elsewhere nobody is shown it",
    "notice.ombuds": "public words; a false notice opens nothing, and its ombuds sees it on the first page",
    "notice.first": "the same",
    "notice.last": "the same",
    "notice.part": "the same",
    "pin.ombuds": "a PIN sets a notice; no key hangs on it",
    "quarter.quarter": "counts, which no matter hangs on; its own tests say what is noticed",
    "quarter.box": "the same",
    "waiting.ombuds": "the same",
    "waiting.box": "the same",
    "pin.salt": "the same",
    "pin.hash": "the same",
    "trial.id": "one row",
    "trial.day": "a public day; an operator who lies about the test lies about anything",
    "trial.found_nobody": "the same",
    "words.key": "public words; whoever changes them changes what the public reads, and opens nothing",
    "words.lang": "the same",
    "words.text": "the same",
    "words.before": "the same",
    "page.key": "the same",
    "page.shown": "the same",
    "choice.name": "the same",
    "choice.value": "the same",
    "event.id": "the same",
    "event.starts": "the same",
    "event.ends": "the same",
    "event.place": "the same",
    "event.link": "the same",
    "event.audience": "the same",
    "event.changes": "the same",
    "voice.id": "the same",
    "voice.kind": "the same",
    "voice.quarter": "the same",
    "voice.lang": "the same",
    "voice.text": "the same",
    "voice.answer": "the same",
    "editor.id": "an editor changes public words; no key hangs on it",
    "editor.name": "the same",
    "editor.salt": "the same",
    "editor.hash": "the same",
    "editor.factor": "the same",
}
EVERY: tuple[Attack, ...] = (swap, empty, noise, roll_back)
#: Where somebody books and Vera erases while the attack lasts; elsewhere nothing of a visit looks there.
VISITED = {"ombuds", "locker", "lock", "slot", "practice", "place", "busy"}
#: Only lockers hang on these, so that most pages need not be asked for.
LOCKED = {"locker", "lock", "ledger", "keyring"}


def outcomes(office: Office, name: str, attacks: tuple[Attack, ...]) -> Iterator[Outcome]:
    """What came of each attack; whatever it is, nothing new opens and no page breaks."""
    (column,) = (each for each in columns(office.now) if str(each) == name)
    for attack in attacks:
        office.reset()
        if not write(office.world.instance, office.earlier, column, _wanted(office), attack):
            continue
        found = office.outcome(
            visits=column.table in VISITED and attack in {empty, noise}, pages=column.table not in LOCKED
        )
        assert [matter for matter in found.opened if not office.is_sealed(matter)] == []
        assert found.broken == [], attack
        yield found


def _wanted(office: Office) -> dict[str, bytes]:
    """Whose row is attacked: Vera's locker and its lock, Ola's everything else."""
    mine = dict.fromkeys(
        (
            "ombuds",
            "keyring",
            "ledger",
            "face",
            "practice",
            "hours",
            "special",
            "room",
            "busy",
            "calendar",
            "notice",
            "pin",
        ),
        office.ola.ombuds,
    )
    return mine | dict.fromkeys(("locker", "lock"), office.lockers["Vera"])
