"""Says what stands against a text, and what to write instead."""

from portal.editing.checking import Also, Problem
from portal.language import _
from portal.site.marks import What


def problem(found: Problem, longest: int) -> str:
    """One sentence or two, with the line where there is one."""
    said = _said(found, longest)
    return said if not found.line else _("Line %(line)d: %(said)s") % {"line": found.line, "said": said}


def _said(found: Problem, longest: int) -> str:  # noqa: PLR0911 - one for each kind
    begins = {"begins": found.begins}
    match found.what:
        case What.HTML:
            return _("HTML like “%(begins)s” cannot stand here. Write **bold** or a list instead.") % begins
        case What.IMAGE:
            return _("A picture like “%(begins)s” cannot stand here. Say it in words.") % begins
        case What.LINK:
            return _("A link to “%(begins)s” cannot stand here. Use https://, mailto:, tel: or a page here.") % begins
        case What.TITLE:
            return _("A page has one title. Begin this line with ## instead of #.")
        case What.CODE:
            return _("Code like “%(begins)s” cannot stand here. Take away the marks or the spaces before it.") % begins
        case Also.LONG:
            sizes = {"count": int(found.begins), "most": longest}
            return _("The text has %(count)d letters. A page takes %(most)d. Make two pages of it.") % sizes
        case Also.NO_TITLE:
            return _("The title is missing. Begin the first line with # and a space.")
        case Also.NO_CASE:
            return _("This page must list at least one case. Begin a line with - and a space.")
        case Also.NAME:
            return _("“%(begins)s” means nothing here. Use {office}, {days} or {address}.") % begins
