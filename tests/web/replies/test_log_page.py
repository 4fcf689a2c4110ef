"""The log of replies."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.app import create_app
from service.domain import Decision, ReplyState
from service.settings import Settings
from tests.web.parts import one

Read = Callable[..., BeautifulSoup]
Log = Callable[..., Any]


def test_the_newest_reply_comes_first(read: Read, log_again: Log) -> None:
    """The log begins with the reply written last."""
    older, newer = log_again(), log_again()
    links = [str(link["href"]) for link in read("/replies").select(".what a")]
    assert links[:2] == [f"/replies/{newer.reply.id}", f"/replies/{older.reply.id}"]


def test_pages_of_fifty_hold_every_reply_once(read: Read, log_again: Log) -> None:
    """Following “Older” shows all 120 replies, 50 a page, none twice, and the filter stays."""
    ids = [log_again(brand="paging").reply.id for _ in range(120)]
    address, seen, sizes = "/replies?brand=paging", [], []
    while address:
        page = read(address)
        links = [str(link["href"]).rpartition("/")[2] for link in page.select(".what a")]
        seen += links
        sizes.append(len(links))
        older = page.select_one('.pager a[rel="next"]')
        address = str(older["href"]) if older else ""
    assert sizes == [50, 50, 20]
    assert seen == ids[::-1]


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("decision=handoff", {"decision": Decision.HANDOFF}),
        ("state=cut_off", {"state": ReplyState.CUT_OFF}),
        ("language=en", {"language": "en"}),
        ("brand=larkline", {"brand": "larkline"}),
    ],
)
def test_a_filter_in_the_address_shows_only_what_it_names(
    read: Read, log_again: Log, query: str, values: dict[str, Any]
) -> None:
    """Each filter keeps the replies that it names, leaves out others, and stays chosen in its field."""
    base = {"decision": Decision.REVIEW, "state": ReplyState.FINISHED, "language": "fr", "brand": "maison-lune"}
    wanted, other = log_again(**{**base, **values}), log_again(**base)
    page = read(f"/replies?{query}")
    links = {str(link["href"]).rpartition("/")[2] for link in page.select(".what a")}
    name, _, value = query.partition("=")
    assert wanted.reply.id in links
    assert other.reply.id not in links
    assert one(page, f"select[name={name}] option[selected]")["value"] == value


def test_an_unknown_filter_value_shows_everything(read: Read, log_again: Log) -> None:
    """A value that the log does not know, or an empty one, filters nothing."""
    logged = log_again()
    for query in ("decision=maybe", "decision=&brand=&state=&language=", "after=" + "x" * 500):
        assert logged.reply.id in str(read(f"/replies?{query}"))


def test_no_match_offers_to_clear_the_filters(read: Read) -> None:
    """When nothing matches, the page says so and one click shows everything again."""
    page = read("/replies?brand=nobody-has-it")
    assert "No reply matches." in page.text
    assert page.select('.notice a[href="/replies?view=1"]')
    assert one(page, "select[name=brand] option[selected]").text == "nobody-has-it"


def test_an_empty_log_shows_how_to_begin(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Before the first reply the page offers a command to copy, with this very address in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APLOMB_EMBEDDINGS", "hashed")
        settings = Settings(data_dir=tmp_path_factory.mktemp("empty"))
    with TestClient(create_app(settings), base_url="http://127.0.0.1:9999") as client:
        page = BeautifulSoup(client.get("/replies").text, "html.parser")
    assert "curl -s http://127.0.0.1:9999/v1/replies" in one(page, "#command").text


def test_times_name_their_zone(read: Read, log_again: Log) -> None:
    """Without a script times are given in UTC, and say so."""
    log_again()
    assert all(time.text.endswith("UTC") for time in read("/replies").select("time"))


def test_what_is_shown_can_be_exported(read: Read, log_again: Log, client: TestClient) -> None:
    """The menu's links keep the filters, and each gives a file with the replies that the list shows."""
    shown = log_again(brand="exporting").reply.id
    links = [str(link["href"]) for link in read("/replies?brand=exporting").select(".exports a")]

    assert len(links) == 6
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert shown in client.get(links[0]).text
    assert client.get(links[0]).text.count("exporting") == 1


def test_a_view_that_is_kept_comes_back(client: TestClient, log_again: Log) -> None:
    """With “keep this view” the filters hold on the next visit; clearing forgets them."""
    client.cookies.clear()
    log_again(brand="keeping", language="en")
    kept = client.get("/replies?view=1&brand=keeping&language=en&q=&keep=1")
    assert str(kept.url).endswith("/replies?brand=keeping&language=en")
    assert str(client.get("/replies").url).endswith("/replies?brand=keeping&language=en")
    assert str(client.get("/replies?brand=maison-lune").url).endswith("/replies?brand=maison-lune")
    assert str(client.get("/replies?view=1").url).endswith("/replies")
    assert str(client.get("/replies").url).endswith("/replies")
    client.cookies.set("aplomb_view", "brand=%00&nonsense&state=none")
    assert client.get("/replies").status_code == 200
    client.cookies.clear()


def test_the_tally_counts_what_the_filters_leave(read: Read, log_again: Log) -> None:
    """Above the list stands how many replies it holds, and how they were judged."""
    for _ in range(3):
        log_again(brand="tallied")
    assert one(read("/replies?brand=tallied"), ".tally").text.split()[:2] == ["3", "replies"]
