from bs4 import BeautifulSoup

from service.access.callers import Scope
from tests.access.conftest import MARKERS, OURS, QUESTION, Desk


def test_the_helpdesk_step_ticks_itself(desk: Desk) -> None:
    """An administrator's visit connects no helpdesk; the first reply for a helpdesk's own key does."""
    admin = desk.as_(desk.key("admin", Scope.ADMIN))

    def step() -> str:
        page = desk.client.get("/overview", headers=admin)
        return BeautifulSoup(page.text, "html.parser").select(".steps li")[-1].text

    helpdesk = desk.as_(desk.key("zendesk", Scope.REPLY_WRITE))
    assert "(done)" not in step()
    sent = {"brand": OURS, "ticket": {"messages": [{"text": QUESTION.format(marker=MARKERS[OURS])}]}}
    assert desk.client.post("/v1/replies", json=sent, headers=helpdesk).status_code == 201
    assert "(done)" in step()
