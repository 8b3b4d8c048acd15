"""From an invitation to an open desk; the operator never holds a key."""

import pytest
from sqlalchemy import text

from portal.config import Settings
from portal.db import Stores
from portal.errors import CannotOpen, NotReady
from portal.office import service as office
from portal.office.factor import as_text, provisioning_uri
from portal.office.rules import CodeUnknown, DeskKeys, NameTaken
from portal.sealing import box
from portal.sealing.keys import ombuds_keys, public_of
from tests.office.joining import Joined, find_wrapped, invited, join, sign_in, use_invitation


def found_by(stores: Stores, code: str) -> bytes | CodeUnknown:
    with stores.desk.reading() as desk:
        return office.find_invitation(desk, code)


def test_an_invitation_leads_to_one_person_however_it_is_typed(empty: Stores) -> None:
    code, ombuds = invited(empty, "Ola Brandt")

    assert found_by(empty, code.lower().replace("-", " ")) == ombuds
    for wrong in ("", "hello", code[:-1], code[:-1] + ("0" if code[-1] != "0" else "1")):
        assert found_by(empty, wrong) == CodeUnknown()


def test_inviting_twice_replaces_the_first_code_and_keeps_the_person(empty: Stores) -> None:
    first, ombuds = invited(empty, "Ola Brandt")
    second, again = invited(empty, "Ola Brandt")

    assert again == ombuds
    assert found_by(empty, first) == CodeUnknown()
    assert found_by(empty, second) == ombuds


def test_invitations_of_two_people_do_not_touch(empty: Stores) -> None:
    (ola_code, ola), (otto_code, otto) = invited(empty, "Ola Brandt"), invited(empty, "Otto Reis")

    assert (found_by(empty, ola_code), found_by(empty, otto_code)) == (ola, otto)
    assert ola != otto


def test_only_a_hash_of_the_code_is_stored(empty: Stores) -> None:
    code, _ombuds = invited(empty, "Ola Brandt")
    with empty.desk.reading() as desk:
        (row,) = desk.execute(text("SELECT * FROM ombuds")).all()

    assert not any(code in str(value) or code.replace("-", "") in str(value) for value in row)


def test_a_used_code_opens_nothing_and_the_name_is_taken(stores: Stores, ola: Joined) -> None:
    with stores.desk.writing() as desk:
        assert office.invite(desk, "Ola Brandt") == NameTaken()
    assert not use_invitation(stores, ola.wrapped)


def test_the_code_of_somebody_who_joined_leads_nowhere(empty: Stores, settings: Settings) -> None:
    code, ombuds = invited(empty, "Ola Brandt")
    assert use_invitation(empty, office.wrap(ombuds, office.new_kit(), settings))

    assert found_by(empty, code) == CodeUnknown()
    with empty.desk.reading() as desk:
        hashes = [row[0] for row in desk.execute(text("SELECT join_hash FROM ombuds"))]
    assert office._join_hash(code) not in hashes, "who joined with which paper is not kept"


def test_an_invitation_used_in_two_tabs_makes_one_pair_of_keys(empty: Stores, settings: Settings) -> None:
    _code, ombuds = invited(empty, "Ola Brandt")
    first, second = (office.wrap(ombuds, office.new_kit(), settings) for _ in range(2))

    assert use_invitation(empty, first)
    assert not use_invitation(empty, second)
    with empty.desk.reading() as desk:
        assert office.get_public_key(desk, ombuds) == first.public


def test_nobody_joins_who_was_not_invited(empty: Stores, ola: Joined) -> None:
    assert not use_invitation(empty, ola.wrapped)
    with empty.desk.reading() as desk:
        assert office.colleagues(desk) == []


def test_every_kit_is_new_and_recovery_keeps_its_code() -> None:
    kits = [office.new_kit() for _ in range(3)]

    assert len({value for kit in kits for value in vars(kit).values()}) == 9
    assert all(len(kit.passphrase.split()) == 6 for kit in kits)
    again = office.new_kit(kits[0].recovery)
    assert again.recovery == kits[0].recovery
    assert again.passphrase != kits[0].passphrase
    assert again.factor != kits[0].factor


def test_the_first_to_join_makes_the_office_key_and_holds_it(stores: Stores, settings: Settings, ola: Joined) -> None:
    keys = sign_in(stores, settings, ola)
    with stores.desk.reading() as desk:
        public = office.get_office_public(desk)
        assert office.colleagues(desk) == [(ola.ombuds, "Ola Brandt", ola.wrapped.public, True)]

    assert isinstance(keys, DeskKeys)
    assert keys.office is not None
    assert public_of(keys.office) == public
    assert keys.public == ola.wrapped.public


def test_the_second_to_join_waits_for_a_colleague(stores: Stores, settings: Settings, ola: Joined) -> None:
    otto = join(stores, settings, "Otto Reis")
    with stores.desk.reading() as desk:
        before = office.get_office_public(desk)
        assert {name: admitted for _key, name, _public, admitted in office.colleagues(desk)} == {
            "Ola Brandt": True,
            "Otto Reis": False,
        }
        assert office.names(desk) == {ola.ombuds: "Ola Brandt", otto.ombuds: "Otto Reis"}
    own, his = sign_in(stores, settings, ola), sign_in(stores, settings, otto)
    assert isinstance(own, DeskKeys)
    assert isinstance(his, DeskKeys)
    assert his.office is None

    with stores.desk.writing() as desk, stores.keys.writing() as keys:
        assert not office.admit(desk, keys, otto.ombuds, his), "he cannot admit himself"
        assert office.admit(desk, keys, otto.ombuds, own)
        assert not office.admit(desk, keys, otto.ombuds, own), "once is enough"

    admitted = sign_in(stores, settings, otto)
    assert isinstance(admitted, DeskKeys)
    assert admitted.office == own.office
    with stores.desk.reading() as desk:
        assert office.get_office_public(desk) == before
        assert all(is_admitted for *_rest, is_admitted in office.colleagues(desk))


def test_who_is_not_admitted_holds_a_box_of_the_same_length(stores: Stores, settings: Settings, ola: Joined) -> None:
    otto = join(stores, settings, "Otto Reis")
    hers, his = find_wrapped(stores, ola.ombuds), find_wrapped(stores, otto.ombuds)

    assert hers is not None
    assert his is not None
    assert {name: len(value) for name, value in vars(hers).items()} == {
        name: len(value) for name, value in vars(his).items()
    }


@pytest.mark.parametrize("who", ["nobody", "somebody invited only", "herself"])
def test_there_are_people_whom_nobody_can_admit(stores: Stores, settings: Settings, ola: Joined, who: str) -> None:
    _code, waiting = invited(stores, "Otto Reis")
    own = sign_in(stores, settings, ola)
    assert isinstance(own, DeskKeys)
    colleague = {"nobody": bytes(16), "somebody invited only": waiting, "herself": ola.ombuds}[who]

    with stores.desk.writing() as desk, stores.keys.writing() as keys:
        assert not office.admit(desk, keys, colleague, own)


def test_an_invited_person_cannot_be_booked_and_has_no_key(empty: Stores) -> None:
    _code, ombuds = invited(empty, "Ola Brandt")
    with empty.desk.reading() as desk:
        assert office.names(desk) == {}
        assert office.get_name(desk, ombuds) == "Ola Brandt"
        for key in (ombuds, bytes(16)):
            with pytest.raises(NotReady):
                office.get_public_key(desk, key)
        with pytest.raises(NotReady):
            office.get_name(desk, bytes(16))
        with pytest.raises(NotReady, match="portal ombuds invite"):
            office.get_office_public(desk)


def test_the_keys_store_and_all_secrets_open_no_recovery_code(settings: Settings, ola: Joined) -> None:
    """Theo has both, and no passphrase."""
    wrapped = ola.wrapped
    places = [office._place(wrapped.ombuds, name) for name in ("code", "factor", "office")]

    for secret in vars(settings.secrets).values():
        for place in places:
            with pytest.raises(CannotOpen):
                box.unlock(wrapped.code, secret, place)
    assert ola.kit.recovery not in b"".join(value for value in vars(wrapped).values())


def test_a_box_of_one_ombuds_opens_nothing_in_the_row_of_another(
    stores: Stores, settings: Settings, ola: Joined
) -> None:
    otto = join(stores, settings, "Otto Reis")
    with stores.keys.writing() as keys:
        keys.execute(
            text(
                "UPDATE keyring SET office_key = (SELECT office_key FROM keyring WHERE ombuds = :ola) "
                "WHERE ombuds = :otto"
            ),
            {"ola": ola.ombuds, "otto": otto.ombuds},
        )

    his = sign_in(stores, settings, otto)
    assert isinstance(his, DeskKeys)
    assert his.office is None


def test_a_second_factor_is_written_for_an_app_and_for_a_hand(ola: Joined) -> None:
    uri = provisioning_uri(ola.kit.factor, "Ola Brandt", "Office")
    typed = as_text(ola.kit.factor)

    assert uri.startswith("otpauth://totp/Office:Ola%20Brandt?")
    assert f"secret={typed.replace(' ', '')}" in uri
    assert {len(group) for group in typed.split()} == {4}


def test_one_pair_of_keys_comes_from_one_recovery_code(ola: Joined) -> None:
    assert public_of(ombuds_keys(ola.kit.recovery).private) == ola.wrapped.public
