"""Says what stands against a text, and what to write instead."""

from collections.abc import Mapping

from portal.editing.checking import Also, Problem
from portal.language import _, _l
from portal.site.marks import What

_SAID: Mapping[What | Also, str] = {
    What.HTML: _l("HTML like “%(begins)s” cannot stand here. Write **bold** or a list instead."),
    What.IMAGE: _l("A picture like “%(begins)s” cannot stand here. Say it in words."),
    What.NOWHERE: _l("No page here is at “%(begins)s”. Use the address of one, such as /about/visit, or https://…"),
    What.LINK: _l("A link to “%(begins)s” cannot stand here. Use https://, mailto:, tel: or a page here."),
    What.TITLE: _l("A page has one title. Begin this line with ## instead of #."),
    What.CODE: _l("Code like “%(begins)s” cannot stand here. Take away the marks or the spaces before it."),
    What.DEEP: _l("There are two kinds of headings below the title: ## and ###."),
    What.REFERENCE: _l("The address “%(begins)s” must stand in its link: [words](address)."),
    Also.BLOCK: _l("A paragraph or list has more than %(begins)s letters. Put an empty line into it."),
    Also.LONG: _l("The text has %(begins)s letters. A page takes %(most)d. Make two pages of it."),
    Also.NO_TITLE: _l("The title is missing. Begin the first line with # and a space."),
    Also.LONG_TITLE: _l("The title has more than %(begins)s letters. Put some of it into the text."),
    Also.NO_CASE: _l("This page must list at least one case. Begin a line with - and a space."),
    Also.NAME: _l("“%(begins)s” means nothing here. Use {office}, {days} or {address}."),
}


_INSTEAD = _l("A link to “%(begins)s” leads nowhere. Write %(instead)s instead.")


def problem(found: Problem, longest: int) -> str:
    """One sentence or two, with the line where there is one."""
    sentence = _INSTEAD if found.instead else _SAID[found.what]
    said = str(sentence) % {"begins": found.begins, "instead": found.instead, "most": longest}
    return said if not found.line else _("Line %(line)d: %(said)s") % {"line": found.line, "said": said}
