"""The pages of comparison without a script: two replies, one choice, nothing shown too early."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from httpx2 import Response

from service.assembly import Services
from service.domain import Message, Sender
from service.replies.guards.markup import clean
from service.review.comparison.comparisons import Order
from service.review.comparison.sides import Choice, Comparison, Said, Tickets
from tests.review.comparison.waiting import until_written
from tests.web.conftest import Log
from tests.web.harmless import assert_harmless
from tests.web.parts import BRAND, HOSTILE, MESSAGE, one

Post = Callable[..., Response]
Begin = Callable[..., Comparison]


@pytest.fixture
def versions(services: Services, call: Callable[..., Any]) -> tuple[str, str]:
    """Two versions of the brand that write differently: the files' own, and one with another opening."""
    kept = call(services.prompts.resolve, BRAND, None, "files")
    text = replace(kept.text, tone=kept.text.tone.replace("Merci pour votre message.", "Merci de nous avoir écrit."))
    assert text != kept.text
    call(services.prompts.keep, text)
    return kept.version, text.version


@pytest.fixture
def begin(services: Services, call: Callable[..., Any], log_again: Log, versions: tuple[str, str]) -> Iterator[Begin]:
    """Begin a comparison of tickets that were just logged, and wait until its pairs are written."""
    begun: list[Comparison] = []

    def one(number: int = 2, **ticket: Any) -> Comparison:  # noqa: ANN401 - any of a ticket's values
        ids = tuple(log_again(ticket).reply.id for _ in range(number))
        order = Order(
            brand=BRAND, baseline=versions[0], candidate=versions[1], tickets=Tickets.NAMED, replies=ids, size=number
        )
        begun.append(call(services.comparisons.begin, order, "lea"))
        call(until_written, services, begun[-1])
        return begun[-1]

    yield one
    for each in begun:
        call(services.comparisons.stop, each)


@pytest.fixture
def post(client: TestClient) -> Post:
    def send(address: str, **fields: Any) -> Response:  # noqa: ANN401 - a field or several of a name
        return client.post(address, data=fields)

    return send


@pytest.fixture(autouse=True)
def _new_reviewer(client: TestClient) -> None:
    client.cookies.clear()


def soup(response: Response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def action(page: BeautifulSoup) -> str:
    form = page.select_one("#choosing")
    assert form, page.select_one("main")
    return str(form["action"])


def test_a_choice_leads_to_the_next_pair_and_then_to_the_results(
    client: TestClient, begin: Begin, post: Post, versions: tuple[str, str]
) -> None:
    """Two choices, and the page tells what came of them, with both versions named at last."""
    comparison = begin()
    first = soup(client.get(f"/compare/{comparison.id}"))
    assert "1 of 2" in first.text
    second = soup(post(action(first), do="a"))
    assert "Saved." in second.text
    assert action(second) != action(first)
    assert "2 of 2" in second.text
    end = soup(post(action(second), do="both_bad", reason=["tone", "too_long"]))
    for version in versions:
        assert version in end.text
    assert "Evidence 1 : 1, stop rule 20 : 1" in end.text
    assert "Exact sign test over the 2 planned pairs: p = 1.000" in end.text
    assert [row.th.text for row in end.select(".numbers tbody tr") if row.th] == ["Tone", "Too long"]
    assert len(end.select(".pairs-of tbody tr")) == 2


def test_a_blind_page_does_not_hold_what_it_hides(
    client: TestClient, begin: Begin, services: Services, call: Callable[..., Any], versions: tuple[str, str]
) -> None:
    """Versions, model, cost and others' choices are nowhere in the HTML of an open pair."""
    comparison = begin(3)
    pair = call(services.pairs.next, comparison, "grace")
    call(services.pairs.choose, comparison, pair.id, "grace", Said(choice=Choice.A, reasons=("tone",)))
    html = client.get(f"/compare/{comparison.id}").text
    assert "Which reply is better" in html
    logged = call(services.reply_log.get, pair.reply_id).reply
    hidden = (*versions, logged.chat_model.name, logged.chat_model.provider, "grace", pair.id, logged.id, "Cost")
    for word in (*hidden, "baseline", "candidate", "production", "$"):
        assert word not in html, word


def test_an_undone_choice_comes_back_whole(client: TestClient, begin: Begin, post: Post) -> None:
    """Undo shows the same pair, what was pressed and the reasons."""
    comparison = begin()
    first = soup(client.get(f"/compare/{comparison.id}"))
    post(action(first), do="both_bad", reason="invented_fact")
    again = soup(post(f"/compare/{comparison.id}/undo"))
    assert "Undone" in again.text
    assert action(again) == action(first)
    assert [each["value"] for each in again.select("[name=reason][checked]")] == ["invented_fact"]
    assert one(again, "[value=both_bad]")["aria-pressed"] == "true"


def test_a_lost_reservation_says_so(client: TestClient, begin: Begin, post: Post) -> None:
    """A pair in other hands is not judged twice, and the page leads on."""
    comparison = begin()
    page = soup(client.get(f"/compare/{comparison.id}"))
    client.cookies.clear()
    lost = post(action(page), do="a")
    assert lost.status_code == 409
    assert "Another reviewer has this pair now" in lost.text
    assert one(soup(lost), ".alert a")["href"] == f"/compare/{comparison.id}"


def test_a_judged_pair_is_shown_with_what_wrote_it(
    client: TestClient, begin: Begin, post: Post, versions: tuple[str, str]
) -> None:
    """From the results one reads the pair again, now with versions, choice and reasons; an open one is not there."""
    comparison = begin()
    page = soup(client.get(f"/compare/{comparison.id}"))
    address = action(page)
    assert client.get(address).status_code == 404
    post(address, do="b", reason="tone")
    results = soup(client.get(f"/compare/{comparison.id}/results?only=candidate"))
    other = soup(client.get(f"/compare/{comparison.id}/results?only=baseline"))
    assert len(results.select(".pairs-of tbody tr")) + len(other.select(".pairs-of tbody tr")) == 1
    read = client.get(address).text
    assert all(version in read for version in versions)
    assert "B was preferred" in read


def test_every_count_links_to_its_pairs(client: TestClient, begin: Begin, post: Post) -> None:
    """Each figure of the results leads to a table of just as many pairs."""
    comparison = begin(3)
    for choice in ("a", "equal", "both_bad"):
        post(action(soup(client.get(f"/compare/{comparison.id}"))), do=choice)
    page = soup(client.get(f"/compare/{comparison.id}/results"))
    for link in page.select(".counts a"):
        shown = soup(client.get(str(link["href"])))
        number = re.search(r"(\d+)/3", link.text)
        assert number
        assert len(shown.select(".pairs-of tbody tr")) == int(number[1])


def test_the_numbers_are_those_of_the_api(client: TestClient, begin: Begin, post: Post) -> None:
    """The API tells the same counts, rate and evidence."""
    comparison = begin(3)
    for choice in ("a", "a", "b"):
        post(action(soup(client.get(f"/compare/{comparison.id}"))), do=choice)
    told = client.get(f"/v1/comparisons/{comparison.id}/results").json()
    page = soup(client.get(f"/compare/{comparison.id}/results"))
    counts = {item["class"][0]: int(one(item, "b").text) for item in page.select(".counts li")}
    assert counts == {name: told[name] for name in counts}
    assert f"({told['wins']}/{told['decided']})" in page.text


def test_a_comparison_is_begun_from_the_form(client: TestClient, post: Post, log_again: Log) -> None:
    """The form offers labels and versions; a choice that makes no sense comes back with a sentence."""
    log_again()
    page = soup(client.get(f"/compare?brand={BRAND}"))
    offered = [each["value"] for each in page.select("#candidate option")]
    assert offered[0] == "production"
    order = {"brand": BRAND, "baseline": "production", "tickets": "recent", "size": "1"}
    refused = post("/compare", **order, candidate="files")
    assert refused.status_code == 422
    assert "Both sides would write the same" in refused.text
    unknown = post("/compare", **order, candidate="files", candidate_chat_model="nobody:none")
    assert unknown.status_code == 422
    assert "chat model cannot be opened" in unknown.text
    assert one(soup(unknown), "#candidate_chat_model")["value"] == "nobody:none"


def test_a_begun_comparison_says_how_far_it_is_and_can_be_stopped(
    client: TestClient, post: Post, log_again: Log, versions: tuple[str, str]
) -> None:
    """Begin leads to the first pair, or to how many are written; stopping ends it, and nothing is given out."""
    log_again()
    order = {"brand": BRAND, "baseline": versions[0], "candidate": versions[1], "tickets": "recent", "size": "1"}
    begun = post("/compare", **order)
    assert begun.status_code == 200
    address = begun.url.path
    # A ticket that both hand off gives the same text twice, and then it is over already.
    assert re.search("being written|Which reply is better|No pair was decided", begun.text)
    stopped = post(f"{address}/stop")
    assert "stopped" in stopped.text
    assert not soup(client.get(address)).select("#choosing")
    assert address in client.get("/compare").text
    assert client.get("/compare/cmp_none").status_code == 404


@pytest.mark.parametrize("text", HOSTILE[:8])
def test_a_hostile_ticket_is_shown_as_text(client: TestClient, begin: Begin, text: str) -> None:
    """Whatever the customer wrote stands beside the pair as text."""
    asked = Message(sender=Sender.CUSTOMER, text=f"{MESSAGE} {text}")
    comparison = begin(1, messages=(asked,))
    page = soup(client.get(f"/compare/{comparison.id}"))
    assert_harmless(page)
    shown = page.select_one(".asked .said")
    assert shown
    assert " ".join(clean(text).split()) in " ".join(shown.text.split())


def test_both_languages_have_every_page(client: TestClient, begin: Begin, post: Post) -> None:
    """In French no page is in English."""
    comparison = begin(1)
    french = {"Accept-Language": "fr"}
    pair = client.get(f"/compare/{comparison.id}", headers=french)
    assert "Quelle réponse convient le mieux" in pair.text
    post(action(soup(pair)), do="equal")
    assert "Aucune paire n’est tranchée" in client.get(f"/compare/{comparison.id}/results", headers=french).text
    assert "Nouvelle comparaison" in client.get("/compare", headers=french).text
