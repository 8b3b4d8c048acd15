"""Eve the editor at her browser: one cookie, the token of each form, and an app for her digits."""

import re
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.editing import people
from portal.editing.people import Card
from tests.cast import World
from tests.journeys.walking import App
from tests.visiting import fields_of

NAME = "Eve Sandoval"
CHARTER = {"key": "about/charter", "lang": "en"}


def make_editor(world: World, name: str = NAME) -> Card:
    """As the page for it does."""
    card = people.draw_card(name)
    new = people.wrap(card, world.settings.secrets.factors)
    with world.stores.keys.writing() as keys:
        assert people.add(keys, new) is None
    return card


@dataclass
class Eve:
    """One browser; `card` is what she was handed."""

    app: Flask
    card: Card
    browser: FlaskClient = field(init=False)
    phone: App = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.app.test_client()
        self.phone = App(self.card.factor)

    def sign_in(self, **typed: str) -> TestResponse:
        given = {"editor": self.card.name, "passphrase": self.card.passphrase}
        return self.send("/desk/site/sign-in", **given | typed)

    def send(self, path: str, to: str = "", **fields: str) -> TestResponse:
        """The form of a page, sent; with fresh digits where it asks for some and none are given."""
        page = self.browser.get(path).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token, page
        fields = {"csrf_token": token.group(1)} | fields
        if 'name="second_factor"' in page and "second_factor" not in fields:
            fields["second_factor"] = self.phone.digits()
        return self.browser.post(to or path.partition("?")[0], data=fields)

    def text_page(self, key: str = "about/charter", lang: str = "en") -> dict[str, str]:
        """The first form of a text's page, as it stands."""
        page = self.browser.get(f"/desk/site/text?key={key}&lang={lang}")
        assert page.status_code == 200, page.status
        form = page.text.partition('action="/desk/site/text"')[2].partition("</form>")[0]
        return dict(fields_of(form))

    def write(self, text: str, action: str = "save", key: str = "about/charter", **fields: str) -> TestResponse:
        form = self.text_page(key)
        return self.browser.post("/desk/site/text", data=form | {"text": text, "action": action} | fields)
