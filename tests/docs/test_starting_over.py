"""What the operator's guide says of starting over, done as it stands there."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from portal import migrations
from portal.db import open_stores
from portal.site import words
from tests.cast import World

GUIDE = Path(__file__).parents[2] / "docs/operating.md"


def test_the_public_words_outlive_the_keys(world: World, tmp_path: Path) -> None:
    with world.stores.site.writing() as site:
        words.keep(site, "about/charter", "en", "# Ours", mark=words.standing(site, "about/charter", "en").mark)
        words.show(site, "about/covenant", shown=False)
    world.stores.close()
    old, new = world.instance / "site.db", tmp_path / "site.db"
    statements = re.search(r'sqlite3 site\.db "(ATTACH .*?)"', GUIDE.read_text("utf-8"), re.DOTALL)
    assert statements
    migrations.upgrade(tmp_path)
    with closing(sqlite3.connect(new)) as site:
        site.executescript(statements[1].replace("old-site.db", str(old)))

    stores = open_stores(tmp_path)
    with stores.site.reading() as site:
        found = words.find(site, "about/charter", "en")
        assert found
        assert found.text.startswith("# Ours")
        assert not words.is_shown(site, "about/covenant")
