"""Calendars shaped as the usual programs write them. All words in them are secret: they must turn up nowhere."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

FIRST = date(2026, 3, 2)
BERLIN = ZoneInfo("Europe/Berlin")
SECRETS = ("Vera", "Kündigung", "Zimmer 4711", "Tomás", "mei@example.org", "geheimnisvoll")

_WORDS = (
    "SUMMARY:Kündigung besprechen mit Vera und Tomás\r\nLOCATION:Zimmer 4711\r\n"
    "DESCRIPTION:sehr geheimnisvoll\\, mit mei@example.org\r\nCATEGORIES:Vera\r\n"
)


def event(*lines: str, uid: str = "one@example.org") -> str:
    return (
        "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "")) + _WORDS + "END:VEVENT\r\n"
    )


def calendar(*parts: str, head: str = "") -> bytes:
    top = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Vera//Kalender//DE\r\n{head}"
    return (top + "".join(parts) + "END:VCALENDAR\r\n").encode()


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%m-%d %H:%M").replace(year=2026, tzinfo=UTC)


@dataclass(frozen=True)
class Feed:
    """A calendar, and when its owner is busy: "month-day hour:minute" in UTC, from and until."""

    content: bytes
    busy: tuple[tuple[str, str], ...]
    doubts: int = 0

    @property
    def spans(self) -> list[tuple[datetime, datetime]]:
        return [(moment(starts), moment(ends)) for starts, ends in self.busy]


_OUTLOOK_ZONE = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
_ALARM = (
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nREPEAT:999999999\r\nDTSTART:20260302T000000Z\r\nEND:VALARM"
)

FEEDS: dict[str, Feed] = {
    "google": Feed(
        calendar(
            event(
                "DTSTART;TZID=Europe/Berlin:20260309T090000",
                "DTEND;TZID=Europe/Berlin:20260309T100000",
                "RRULE:FREQ=WEEKLY;WKST=MO;UNTIL=20260406T215959Z;BYDAY=MO",
                "EXDATE;TZID=Europe/Berlin:20260323T090000",
                "STATUS:CONFIRMED",
                "TRANSP:OPAQUE",
            ),
            event("DTSTART:20260303T120000Z", "DTEND:20260303T123000Z", "STATUS:TENTATIVE", uid="two"),
            event("DTSTART:20260304T120000Z", "DTEND:20260304T123000Z", "TRANSP:TRANSPARENT", uid="three"),
            head="CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nX-WR-CALNAME:Vera\r\nX-WR-TIMEZONE:Europe/Berlin\r\n",
        ),
        (
            ("03-03 12:00", "03-03 12:30"),
            ("03-09 08:00", "03-09 09:00"),
            ("03-16 08:00", "03-16 09:00"),
            ("03-30 07:00", "03-30 08:00"),
            ("04-06 07:00", "04-06 08:00"),
        ),
    ),
    "google, free and busy only": Feed(
        calendar(
            event(
                "DTSTART:20260303T090000Z", "DTEND:20260303T093000Z", "RECURRENCE-ID:20260303T080000Z", uid="r@google"
            ),
            event(
                "DTSTART:20260310T090000Z", "DTEND:20260310T093000Z", "RECURRENCE-ID:20260310T080000Z", uid="r@google"
            ),
            head="X-WR-CALNAME:mei@example.org\r\nX-WR-TIMEZONE:UTC\r\n",
        ),
        (("03-03 09:00", "03-03 09:30"), ("03-10 09:00", "03-10 09:30")),
    ),
    "exchange, windows zones": Feed(
        calendar(
            _OUTLOOK_ZONE.format(name="W. Europe Standard Time").replace("\n", "\r\n"),
            event(
                "DTSTART;TZID=W. Europe Standard Time:20260326T140000",
                "DTEND;TZID=W. Europe Standard Time:20260326T150000",
                "RRULE:FREQ=WEEKLY;UNTIL=20260402T120000Z;INTERVAL=1;BYDAY=TH;WKST=MO",
                "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
                _ALARM,
            ),
            event(
                "DTSTART;TZID=Eastern Standard Time:20260309T090000",
                "DTEND;TZID=Eastern Standard Time:20260309T093000",
                "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
                uid="two",
            ),
            event("DTSTART:20260310T090000Z", "DTEND:20260310T100000Z", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", uid="three"),
            head="METHOD:PUBLISH\r\nX-MS-OLK-FORCEINSPECTOROPEN:TRUE\r\n",
        ),
        (("03-09 13:00", "03-09 13:30"), ("03-26 13:00", "03-26 14:00"), ("04-02 12:00", "04-02 13:00")),
    ),
    "outlook, a zone of its own": Feed(
        calendar(
            _OUTLOOK_ZONE.format(name="Customized Time Zone").replace("\n", "\r\n"),
            _OUTLOOK_ZONE.format(name="(UTC+01:00) Amsterdam\\, Berlin\\, Bern").replace("\n", "\r\n"),
            event(
                "DTSTART;TZID=Customized Time Zone:20260327T100000",
                "DTEND;TZID=Customized Time Zone:20260327T110000",
                "RRULE:FREQ=WEEKLY;COUNT=2",
            ),
            event(
                "DTSTART;TZID=Customized Time Zone:20260304T100000",
                "DTEND;TZID=Customized Time Zone:20260304T110000",
                uid="two",
            ),
        ),
        (("03-04 09:00", "03-04 10:00"), ("03-27 09:00", "03-27 10:00"), ("04-03 08:00", "04-03 09:00")),
    ),
    "icloud": Feed(
        calendar(
            event(
                "DTSTART;TZID=Europe/Berlin:20260305T180000",
                "DURATION:PT1H30M",
                "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC",
                "ORGANIZER;CN=Ola:mailto:ola@example.org",
                'ATTENDEE;CN="Ola; PARTSTAT=DECLINED";PARTSTAT=ACCEPTED:mailto:OLA@example.org',
                "ATTENDEE;CN=Tomás;PARTSTAT=DECLINED:mailto:tomas@example.org",
            ),
            *(
                event(
                    f"DTSTART;VALUE=DATE:202603{day}",
                    f"DTEND;VALUE=DATE:202603{day + 1}",
                    "ORGANIZER;CN=Mei:mailto:mei@example.org",
                    "ATTENDEE;CN=Mei;PARTSTAT=ACCEPTED:mailto:mei@example.org",
                    f"ATTENDEE;CN=Ola;PARTSTAT={answer}:mailto:ola@example.org",
                    "TRANSP:OPAQUE",
                    uid=answer,
                )
                for day, answer in ((10, "NEEDS-ACTION"), (12, "DECLINED"), (16, "TENTATIVE"))
            ),
            head="X-WR-CALNAME:Privat\r\nX-APPLE-CALENDAR-COLOR:#1BADF8\r\n",
        ),
        (("03-05 17:00", "03-05 18:30"), ("03-15 23:00", "03-16 23:00")),
    ),
    "nextcloud": Feed(
        calendar(
            event(
                "DTSTART;TZID=Europe/Berlin:20260302T080000",
                "DTEND;TZID=Europe/Berlin:20260302T083000",
                "RRULE:FREQ=DAILY;COUNT=5",
                "EXDATE;VALUE=DATE:20260303,20260304",
                "SEQUENCE:3",
            ),
            event(
                "RECURRENCE-ID;TZID=Europe/Berlin:20260305T080000",
                "DTSTART;TZID=Europe/Berlin:20260305T160000",
                "DTEND;TZID=Europe/Berlin:20260305T170000",
                "SEQUENCE:4",
            ),
            event(
                "RECURRENCE-ID;TZID=Europe/Berlin:20260306T080000",
                "DTSTART;TZID=Europe/Berlin:20260306T080000",
                "DTEND;TZID=Europe/Berlin:20260306T083000",
                "STATUS:CANCELLED",
            ),
        ),
        (("03-02 07:00", "03-02 07:30"), ("03-05 15:00", "03-05 16:00")),
    ),
    "fastmail": Feed(
        calendar(
            event(
                "DTSTART;TZID=Europe/London:20260327T090000",
                "DURATION:PT45M",
                "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2",
                "RDATE;TZID=Europe/London:20260331T110000",
            ),
            event("DTSTART;VALUE=DATE:20260307", "DURATION:P2D", uid="two"),
        ),
        (
            ("03-06 23:00", "03-08 23:00"),
            ("03-27 09:00", "03-27 09:45"),
            ("03-31 10:00", "03-31 10:45"),
            ("04-24 08:00", "04-24 08:45"),
        ),
    ),
    "thunderbird, bare line ends and a mark": Feed(
        b"\xef\xbb\xbf"
        + calendar(
            event(
                "DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20260306T090000",
                "DTEND;TZID=/mozilla.org/20050126_1/Europe/Berlin:20260306T091000",
            ),
        ).replace(b"\r\n", b"\n"),
        (("03-06 08:00", "03-06 08:10"),),
    ),
    "free and busy (VFREEBUSY)": Feed(
        calendar(
            "BEGIN:VFREEBUSY\r\nUID:f\r\nDTSTART:20260301T000000Z\r\nDTEND:20260501T000000Z\r\n"
            "FREEBUSY;FBTYPE=BUSY:20260303T090000Z/PT1H,20260303T110000Z/20260303T113000Z\r\n"
            "FREEBUSY;FBTYPE=FREE:20260304T090000Z/PT1H\r\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20260305T090000Z/PT1H\r\n"
            "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260306T090000Z/PT1H\r\nFREEBUSY:20260307T090000Z/PT1H\r\n"
            "COMMENT:Vera\r\nEND:VFREEBUSY\r\n"
        ),
        (
            ("03-03 09:00", "03-03 10:00"),
            ("03-03 11:00", "03-03 11:30"),
            ("03-05 09:00", "03-05 10:00"),
            ("03-06 09:00", "03-06 10:00"),
            ("03-07 09:00", "03-07 10:00"),
        ),
    ),
    "librebooking, unfolded and with a zone for UTC": Feed(
        calendar(
            event(
                "DTSTART;TZID=UTC:20260303T090000Z",
                "DTEND;TZID=Europe/Berlin:20260303T100000Z",
                "SEQUENCE:0",
                "ORGANIZER;CN=Vera & Co:MAILTO:vera@example.org",
                "RRULE:FREQ=DAILY;INTERVAL=1;UNTIL=20260305",
                uid="a&b",
            ),
            head="METHOD:REQUEST\r\n",
        ),
        (
            ("03-03 09:00", "03-03 10:00"),
            ("03-04 09:00", "03-04 10:00"),
            ("03-05 09:00", "03-05 10:00"),
        ),
    ),
    "whole days across the clock change": Feed(
        calendar(event("DTSTART;VALUE=DATE:20260328", "DTEND;VALUE=DATE:20260331")),
        (("03-27 23:00", "03-30 22:00"),),
    ),
    "whole days of a series, with a zone and without an end": Feed(
        calendar(
            event(
                "DTSTART;TZID=Europe/Berlin;VALUE=DATE:20260328", "RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20260329T220000Z"
            ),
            event("DTSTART;VALUE=DATE:20260304", "DTEND;VALUE=DATE:20260304", uid="two"),
        ),
        (("03-03 23:00", "03-04 23:00"), ("03-27 23:00", "03-28 23:00"), ("03-29 22:00", "03-30 22:00")),
    ),
    "st john's, kathmandu, lord howe": Feed(
        calendar(
            event("DTSTART;TZID=America/St_Johns:20260302T090000", "DTEND;TZID=America/St_Johns:20260302T093000"),
            event("DTSTART;TZID=Asia/Kathmandu:20260303T090000", "DURATION:PT30M", uid="two"),
            event(
                "DTSTART;TZID=Australia/Lord_Howe:20260404T120000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2", uid="3"
            ),
        ),
        (
            ("03-02 12:30", "03-02 13:00"),
            ("03-03 03:15", "03-03 03:45"),
            ("04-04 01:00", "04-04 02:00"),
            ("04-05 01:30", "04-05 02:30"),
        ),
    ),
    "times without a zone": Feed(
        calendar(
            event("DTSTART:20260302T090000", "DTEND:20260302T093000", "RRULE:FREQ=DAILY;UNTIL=20260303T090000"),
            event("DTSTART;TZID=Atlantis Standard Time:20260304T090000", "DURATION:PT5M", uid="two"),
        ),
        (("03-02 08:00", "03-02 08:30"), ("03-03 08:00", "03-03 08:30"), ("03-04 08:00", "03-04 08:05")),
        doubts=1,
    ),
    "a zone that the calendar calls its own": Feed(
        calendar(
            event("DTSTART;VALUE=DATE:20260305", uid="day"),
            event("DTSTART:20260306T090000", "DURATION:PT1H", uid="floating"),
            event("DTSTART:20260302T150000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2", uid="in UTC"),
            head="X-WR-TIMEZONE:America/New_York\r\n",
        ),
        (
            ("03-02 15:00", "03-02 16:00"),
            ("03-05 05:00", "03-06 05:00"),
            ("03-06 14:00", "03-06 15:00"),
            ("03-09 14:00", "03-09 15:00"),
        ),
    ),
    "cancelled as a whole": Feed(
        calendar(event("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z"), head="METHOD:CANCEL\r\n"), ()
    ),
}
