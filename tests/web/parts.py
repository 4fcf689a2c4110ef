"""The articles, the ticket and the hostile strings of the tests of the pages."""

from pathlib import Path
from typing import Any, cast

from bs4 import Tag
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from service.settings import Settings

BRAND = "maison-lune"
MESSAGE = "Bonjour, sous combien de jours ouvrés les colis standard sont-ils livrés à domicile ?"
QUOTED = "Les colis standard sont livrés à domicile en France métropolitaine sous 3 à 5 jours ouvrés."

HOSTILE = (
    "<script>alert(1)</script>",
    "</textarea><script>alert(2)</script>",
    '"><img src=x onerror=alert(3)>',
    "' autofocus onfocus=alert(4) x='",
    '" onmouseover="alert(5)',
    "<svg/onload=alert(6)>",
    "</title><script>alert(7)</script>",
    "<a href=javascript:alert(8)>x</a>",
    "javascript:alert(9)",
    "data:text/html,<script>alert(10)</script>",
    "{{ 7 * 7 }}",
    "{% include 'base.html' %}",
    "{{ view.request.headers }}",
    "${alert(14)}",
    "<!-- comment -->",
    "<![CDATA[<b>]]>",
    "&lt;b&gt; &amp;amp; &#60;i&#62;",
    "</pre></details><iframe srcdoc='<script>alert(18)</script>'>",
    "</select><option selected>",
    "<base href=//evil.example>",
    '<meta http-equiv=refresh content="0;url=//evil.example">',
    "<form action=//evil.example><input name=q>",
    "<style>*{display:none}</style>",
    "</passage></mark></main>",
    "abc\u202egnp.exe\u202c \u2066x\u2069",
    "\x00\x07\x1b[31mred",
    "`${document.cookie}`",
    "<ScRiPt\t>alert(28)</sCrIpT\n>",
    "%3Cscript%3Ealert(29)%3C/script%3E",
    "\\u003cscript\\u003ealert(30)\\u003c/script\\u003e",
    "<img src=x onerror=alert`31`>",
    "<math><mtext></math><script>alert(32)</script>",
    "<svg><animate onbegin=alert(33) attributeName=x dur=1s>",
    "<details open ontoggle=alert(34)>",
    "<video><source onerror=alert(35)></video>",
    "<input autofocus onfocus=alert(36)>",
    "<marquee onstart=alert(37)>x</marquee>",
    "<object data=javascript:alert(38)>",
    "<embed src=//evil.example/x.swf>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<template><script>alert(41)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(42)>'>",
    "<a href='vbscript:alert(43)'>x</a>",
    "[click](javascript:alert(44))",
    "![x](//evil.example/pixel.png)",
    "[x]: javascript:alert(46)",
    '<a href="java&#x0A;script:alert(47)">x</a>',
    "&#60;script&#62;alert(48)&#60;/script&#62;",
    "\uff1cscript\uff1ealert(49)\uff1c/script\uff1e",
    "</script><script>alert(50)</script>",
    "';alert(51);//",
    '\\";alert(52);//',
    "--></style><script>alert(53)</script>",
    "]]><script>alert(54)</script>",
    "<table><td background=javascript:alert(55)>",
    "<div style=background:url(javascript:alert(56))>",
    "<button formaction=//evil.example>x</button>",
    '=HYPERLINK("http://evil.example";"x")',
    "{% raw %}{{ config }}{% endraw %}<%= 7 * 7 %>",
    "<p id=judging class=told hidden aria-live=off>",
)

ARTICLES = {
    "livraison.md": f"""---
title: Livraison standard
url: https://maison-lune.example/aide/livraison-standard
language: fr
---

# Livraison standard

## Délais

{QUOTED} Les colis en point relais sont disponibles sous **4 à 6 jours ouvrés**.

| Mode | Frais | Délai |
|---|---|---|
| Domicile standard | 5,90 € | 3 à 5 jours ouvrés |
| Point relais | 3,90 € | 4 à 6 jours ouvrés |

1. Ouvrez « Mes commandes ».
2. Cliquez sur [Suivre](https://maison-lune.example/suivi).
""",
    "returns.md": """---
title: Returning an item
url: https://maison-lune.example/help/returns
language: en
---

# Returning an item

You can return an ordinary item within 30 calendar days of receipt. The return label costs €4.90.
""",
    "hostile.csv": "question,answer\n"
    + "".join(
        f'Frobnication code {number}?,"Frobnication code {number} is {text.replace(chr(34), chr(34) * 2)} exactly."\n'
        for number, text in enumerate(HOSTILE)
        if "\x00" not in text
    ),
}


class PageClient(TestClient):
    """A visitor of an open service: the forms that it sends carry the token of the pages."""

    def post(self, url: Any, *, data: Any = None, **how: Any) -> Response:  # noqa: ANN401 - httpx's own types
        if isinstance(data, dict) and "csrf" not in data:
            app = cast("FastAPI", self.app)
            data = {**data, "csrf": app.state.services.door.sessions.form_token("")}
        return super().post(url, data=data, **how)


def quick_settings(data_dir: Path, prompts_dir: Path) -> Settings:
    """Return the settings of a service of its own without articles, which starts in no time."""
    return Settings(
        data_dir=data_dir, prompts_dir=prompts_dir, embeddings="hashed", openai_api_key=None, log_format="json"
    )


def one(page: Tag, selector: str) -> Tag:
    """Return the first element of *selector*, which must be there."""
    found = page.select_one(selector)
    assert found is not None, f"{selector} is not on the page"
    return found


def row_of(page: Tag, name: str, text: str) -> Tag:
    """Return the row of a table in which the element *name* says *text*."""
    [found] = (row for row in page.select("tr") if row.find(name, string=text))
    return found
