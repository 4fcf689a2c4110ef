"""Looks a page over for markup that is not ours."""

from bs4 import BeautifulSoup


def assert_harmless(page: BeautifulSoup) -> None:
    """Only our own scripts and style sheets, no handler, no target but our own pages."""
    assert all(str(script["src"]).startswith("/static/") for script in page.select("script"))
    assert not page.select("style, iframe, base, meta[http-equiv], object, embed, [style], foreignObject, use")
    assert all(str(image["src"]).startswith("/static/") for image in page.select("img"))
    for element in page.select("*"):
        assert not [name for name in element.attrs if name.lower().startswith("on")]
        for name in ("href", "action", "src", "formaction"):
            target = str(element.get(name, "/"))
            assert target.startswith(("/", "#"))
            assert not target.startswith("//")
