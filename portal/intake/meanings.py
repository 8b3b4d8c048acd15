"""What each column and each field about a matter is for, in words that a visitor can read."""

from collections.abc import Mapping

from portal.intake.permissions import Permission, Terms
from portal.intake.rules import Document, Matter, Meeting, Message, Remark, RosterCopy, Stub, Venue
from portal.language import _l

#: The row of table `locker` in the desk store.
LOCKER: Mapping[str, str] = {
    "id": _l("A random number. It was drawn before anybody came."),
    "ombuds": _l("Whose mailbox it is. All boxes of this ombuds have the same number here."),
    "state": _l("8 is free, 9 is in use."),
    "destroy_on": _l(
        "From this day on, the server wipes the mailbox by itself. All boxes of this ombuds have the same day."
    ),
    "lookup": _l("How your six words find this box. Nobody can turn it back into words."),
    "to_ombuds": _l("Your appointment, sealed so that only the ombuds can open it."),
    "to_visitor": _l("The same, sealed so that only your six words can open it."),
    "notes": _l("Notes of the ombuds. Only the ombuds can open them. If there are none, the box looks the same."),
}

#: What the keys store holds.
KEYS: Mapping[str, str] = {
    "locker": _l("The number of the mailbox that this lock is for."),
    "secret": _l("The outer lock. When all ends it is written over first. Then no old copy opens any more."),
    "ledger": _l(
        "One box for all mailboxes of this ombuds: how often each was changed, and when it ends. "
        "Only the ombuds can open it."
    ),
}

#: The row of table `slot` in the desk store.
SLOT: Mapping[str, str] = {
    "id": _l("A random number."),
    "ombuds": _l("Whose time it is."),
    "starts": _l("When it starts, in seconds since 1970."),
    "minutes": _l("How long it lasts, in minutes."),
    "modes": _l("How one can meet: v is video, i is in person, p is phone."),
    "proof_needed": _l("Whether a code is needed to book it."),
    "place": _l("Where one can meet in person. It is the same for many times."),
    "grain": _l("Random. It changes now and then, also when nobody comes."),
    "state": _l("8 is free, 9 is taken. Some times are taken by nobody, so this does not show that you came."),
}

#: Tables that hold nothing about any one appointment, in the order of the alphabet.
OTHER_TABLES = (
    "busy",
    "calendar",
    "choice",
    "diary",
    "editor",
    "event",
    "face",
    "hours",
    "keyring",
    "notice",
    "office",
    "ombuds",
    "page",
    "pin",
    "place",
    "practice",
    "quarter",
    "room",
    "special",
    "trial",
    "voice",
    "waiting",
    "words",
)

_MATTER = {
    "version": _l("How often this was changed."),
    "ombuds": _l("Whose appointment it is."),
    "meetings": _l("Your meetings, one by one below."),
    "stub": _l("What you chose to say, at the top of this page."),
    "level": _l("What you showed to prove that you belong here."),
    "roster": _l("What was copied from the list of people, below."),
    "room": _l("The name of your video room."),
    "ends": _l("The last day. After it, the next sign-in of the ombuds ends all of this."),
    "pair": _l("A key that only you and the ombuds have. Your six words make it anew each time."),
    "lookup": _l("How your six words find the mailbox, once more."),
    "is_decoy": _l("Whether this is a dummy. Some are, so that nobody can count the visitors."),
    "by_desk": _l("Whether the ombuds made this for you."),
    "fits": _l("About how many people here fit what you showed."),
    "messages": _l("What you two wrote, one by one below."),
    "permissions": _l("What the ombuds may say, one by one below."),
    "remark": _l("A note for the office, below. Where you booked or wrote, there is none."),
}
_MEETING = {
    "slot": _l("The number of the time. Nothing else ties it to you."),
    "starts": _l("When it starts, in world time (UTC)."),
    "minutes": _l("How long it lasts, in minutes."),
    "mode": _l("How you meet."),
    "state": _l("What became of it."),
    "venue": _l("Where you meet, below."),
    "uid": _l("A random number for this meeting."),
    "choice": _l("A random number that times of one offer share."),
}
_VENUE = {
    "name": _l("The place."),
    "access": _l("How to get in."),
    "door": _l("The door."),
    "directions": _l("How to find it."),
}
_STUB = {
    "share": _l("What the ombuds may know from the list: nothing but your group, your profile, or your name too."),
    "topic": _l("What it is about."),
    "message": _l("Your few words for the ombuds."),
    "call_name": _l("The name to use."),
    "needs": _l("What you need."),
    "people": _l("How many people come."),
    "contact": _l("How to reach you."),
    "has_address": _l("Whether you typed an email. The email itself is not kept."),
}
_ROSTER = {
    "import_id": _l("Which list it was copied from. It is the same for all people on that list."),
    "sealed_key": _l("The key to what follows. Only an ombuds can open it."),
    "group": _l("Your group, like staff or student. Only an ombuds can open it."),
    "attributes": _l("Your profile, if you chose to show it. Only an ombuds can open it."),
    "identity": _l("Your name, if you chose to show it. Only an ombuds can open it."),
}
_MESSAGE = {
    "id": _l("A random number, so that a message sent twice is kept once."),
    "by": _l("Who wrote it."),
    "written": _l("When, in world time (UTC)."),
    "text": _l("What it says."),
}
_PERMISSION = {
    "id": _l("A random number."),
    "terms": _l("What may be said, below."),
    "standing": _l("Where it stands."),
    "aloud": _l("Whether you said it in a meeting."),
    "used": _l("The days on which it was said."),
    "before": _l("What it was before you changed it, below."),
}
_TERMS = {
    "sentence": _l("The words themselves."),
    "to": _l("To whom."),
    "purpose": _l("What for."),
    "may_name": _l("Whether with your name."),
    "until": _l("The last day on which it may be said."),
}
_REMARK = {
    "about": _l("What kind of note it is."),
    "said": _l("What the note says."),
    "heard": _l("How you heard of us."),
    "easy": _l("Whether it was easy to book."),
    "felt": _l("Whether you felt heard."),
    "without": _l("What you would have done without us."),
}
_DOCUMENT = {
    "matter": _l("All of the above."),
    "to_ombuds": _l("The ombuds: the mark of their key. It also stands on our posters."),
    "to_visitor": _l("You: the mark of the key that your six words make."),
}

#: Each kind of thing inside the sealed document, with its fields.
FIELDS: Mapping[type, Mapping[str, str]] = {
    Matter: _MATTER,
    Meeting: _MEETING,
    Venue: _VENUE,
    Stub: _STUB,
    RosterCopy: _ROSTER,
    Message: _MESSAGE,
    Permission: _PERMISSION,
    Terms: _TERMS,
    Remark: _REMARK,
    Document: _DOCUMENT,
}
#: Fields that hold such a thing, or several.
NESTED = frozenset(
    {"meetings", "messages", "permissions", "stub", "roster", "venue", "terms", "before", "remark", "matter"}
)
