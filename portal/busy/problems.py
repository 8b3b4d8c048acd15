"""Why a calendar could not be read, in words that name nobody."""

from enum import StrEnum


class Problem(StrEnum):
    """What an ombuds may be told. None of them quotes the address or what came from it."""

    #: It is no address of a calendar: wrong scheme or port, a password in it, a host that is no name.
    address = "address"
    #: It leads to a machine that the public cannot reach, which the operator has not allowed.
    private = "private"
    #: No such name, nobody listens there, or what listens does not speak HTTP.
    unreachable = "unreachable"
    #: It did not come in time.
    slow = "slow"
    too_big = "too_big"
    #: It points elsewhere, more often than we follow, or nowhere.
    redirect = "redirect"
    #: The server answered, and not with a calendar: no longer there, a password is wanted, an error.
    refused = "refused"
    #: The certificate is wrong, or there is none.
    tls = "tls"
    #: Something came that is no calendar.
    no_calendar = "no_calendar"
    #: A calendar came that takes too much time, memory or repetition to read.
    too_much = "too_much"
