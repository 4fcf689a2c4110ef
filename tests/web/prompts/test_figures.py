"""What the table of versions says of their replies."""

from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient

from service.assembly import Services
from service.domain import Decision
from service.review.verdicts import Verdict
from service.web.prompts.figures import COLUMNS
from tests.web.judged import judge_in_sample
from tests.web.parts import BRAND, one

Read = Callable[..., BeautifulSoup]
Call = Callable[..., Any]


def row_of(page: BeautifulSoup, version: str) -> Tag:
    return next(row for row in page.select(".versions tbody tr") if one(row, ".what code").text == version)


def test_a_version_nobody_rated_has_no_rate(
    read: Read, log_again: Callable[..., Any], services: Services, call: Call
) -> None:
    """Without a rating it is called not rated and has no drawing; a version without replies has dashes."""
    log_again()
    version = call(services.prompts.resolve, BRAND, None, "production").version
    other = call(services.prompts.resolve, BRAND, "friendly", "production").version
    page = read(f"/prompts?brand={BRAND}")
    assert one(row_of(page, version), ".approved").text.strip() == "not rated"
    assert not row_of(page, version).select("svg")
    unused = row_of(page, other)
    assert [one(unused, f".{column}").text.strip() for column in COLUMNS] == ["0", "not rated", "–", "–", "–"]
    assert "non évalué" in one(row_of(read(f"/prompts?brand={BRAND}", "fr"), other), ".approved").text


def test_the_figures_are_those_of_the_statistics(
    client: TestClient, read: Read, log_again: Callable[..., Any], services: Services, call: Call
) -> None:
    """Each column says what the statistics say of the version, and leads to as many replies as it counts."""
    ids = [log_again(brand=BRAND).reply.id for _ in range(3)]
    log_again(brand=BRAND, decision=Decision.HANDOFF)
    for reply_id, verdict in zip(ids, (Verdict.APPROVE, Verdict.APPROVE, Verdict.REJECT), strict=True):
        judge_in_sample(services, call, reply_id, verdict)
    version = call(services.prompts.resolve, BRAND, None, "production").version
    told = {
        name: client.get(f"/v1/statistics/{name}?brand={BRAND}&version={version}").json()["lines"][0]
        for name in ("approval", "handoffs-by-version", "costs")
    }
    row = row_of(read(f"/prompts?brand={BRAND}"), version)
    approval, handoffs = told["approval"], told["handoffs-by-version"]
    assert one(row, ".drafts a").text == str(approval["replies"])
    assert f"({approval['k']}/{approval['n']}) · few ratings" in one(row, ".approved a").text
    assert approval["k"] == 2
    assert one(row, ".approved svg .hollow")
    assert f"({handoffs['k']}/{handoffs['n']})" in one(row, ".handed_off a").text
    assert handoffs["k"] == 1
    for column, number in (("drafts", approval["replies"]), ("approved", 2), ("handed_off", 1)):
        link = str(one(row, f".{column} a")["href"])
        listed = BeautifulSoup(client.get(link).text, "html.parser").select(".what a")
        assert len(listed) == number, column


def test_how_much_is_edited_is_the_median_of_what_was_sent(
    client: TestClient, read: Read, log_again: Callable[..., Any]
) -> None:
    """The median and the number of known sent texts are those of the statistics."""
    logged = log_again(brand=BRAND)
    client.put(f"/v1/replies/{logged.reply.id}/outcome", json={"sent_text": f"{logged.reply.text} Merci."})
    version = logged.reply.prompt.version
    line = client.get(f"/v1/statistics/edits?brand={BRAND}").json()["lines"][0]
    cell = one(row_of(read(f"/prompts?brand={BRAND}"), version), ".edited")
    assert cell.text.split() == [f"{line['p50']:.0%}", "n", "=", str(line["n"])]
    assert line["n"] >= 1
