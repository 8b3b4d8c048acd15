"""What an ombuds may open before a colleague has admitted them; whatever is not listed here is closed.

Whoever holds the joining code can be anybody. Such a person works at a desk of their own and says nothing in the
office's name; a notice is a fixed sentence, and no more than that they are ill.
"""

ALONE = frozenset(
    {
        "desk.answer_permission",
        "desk.arrange",
        "desk.away",
        "desk.calendar",
        "desk.calendar_feed",
        "desk.call_off",
        "desk.change_week",
        "desk.close",
        "desk.closed",
        "desk.colleagues",
        "desk.contact",
        "desk.count",
        "desk.counts",
        "desk.dates",
        "desk.destroy_notes",
        "desk.forget_calendar",
        "desk.go_on",
        "desk.hours",
        "desk.keep",
        "desk.leave",
        "desk.link",
        "desk.make",
        "desk.matter",
        "desk.notes",
        "desk.notice",
        "desk.open_again",
        "desk.part",
        "desk.permission",
        "desk.pin",
        "desk.place",
        "desk.places",
        "desk.practice",
        "desk.queue",
        "desk.read_calendar",
        "desk.remove_place",
        "desk.said",
        "desk.search",
        "desk.take_away",
        "desk.take_back",
        "desk.today",
        "desk.week",
        "desk.why",
        "desk.withdraw",
        "desk.words_for",
    }
)
