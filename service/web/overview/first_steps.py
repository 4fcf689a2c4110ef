"""What is to do: the first steps of a newcomer until all are done, and what waits for somebody."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from service.access.callers import Caller, Scope
from service.assembly import Services
from service.reply_log.store import ReplyFilter
from service.review.verdicts import Queue
from service.web.brands import answering
from service.web.command import first_reply
from service.web.knowledge.place import place_of
from service.web.review.form import reviewer_of
from service.web.view import View

_STALE = timedelta(days=2)
_TO_RATE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStep:
    words: str
    link: str
    done: bool
    command: str = ""
    """To copy; empty when the step needs none."""


async def first_steps(view: View, services: Services, caller: Caller) -> list[FirstStep]:
    """Return what a newcomer does first, with what is done already; nothing once all is done."""
    passages = sum([await _passages(services, brand) for brand in services.prompt_files.brand_ids()])
    tally = await services.glances.tally(services.reply_log.chosen(ReplyFilter()))
    rated = sum(tally.by_verdict.values())
    said = view.t("overview.step.articles_done", n=passages) if passages else view.t("overview.step.articles")
    tried = await services.reply_log.page(ReplyFilter(), limit=1)
    steps = [
        FirstStep(words=said, link="/knowledge" if passages else "/knowledge/add", done=passages > 0),
        FirstStep(words=view.t("overview.step.reply"), link="/", done=bool(tried.replies)),
        FirstStep(words=view.t("overview.step.rate", n=min(rated, _TO_RATE)), link="/review", done=rated >= _TO_RATE),
        FirstStep(words=view.t("overview.step.model"), link="", done=not view.offline),
        await _helpdesk(view, services, caller),
    ]
    return [] if all(step.done for step in steps) else steps


async def _helpdesk(view: View, services: Services, caller: Caller) -> FirstStep:
    """Return the step that ticks itself once a key that may write replies, and not everything, was used."""
    done = any(
        key.last_used_at and Scope.REPLY_WRITE in key.scopes and Scope.ADMIN not in key.scopes
        for key in await services.keys.seen_by(caller)
    )
    brand = next(iter((await answering(services.prompts)).values()), None)
    return FirstStep(
        words=view.t("overview.step.helpdesk"),
        link="/settings/keys" if view.may("admin") else "",
        done=done,
        command="" if done else first_reply(view.request, brand, key="apl_…"),
    )


async def to_do(view: View, services: Services) -> list[tuple[str, str]]:
    """Return what waits for somebody, in words, and where."""
    waits = []
    for queue in (Queue.SAMPLE, Queue.UNHAPPY, Queue.LOW_CONFIDENCE):
        progress = await services.review_queues.progress(queue, reviewer_of(view.request))
        if progress.open:
            waits.append((view.t(f"overview.do.{queue}", n=progress.open), f"/review/{queue}"))
    for brand in services.prompt_files.brand_ids():
        place = await place_of(services, brand)
        if place.to_look_at:
            said = view.t("overview.do.findings", n=place.to_look_at, brand=dict(place.brands)[brand])
            waits.append((said, place.address("/findings")))
        if place.generation and datetime.now(UTC) - place.generation.created_at > _STALE:
            said = view.t(
                "overview.do.stale", brand=dict(place.brands)[brand], ago=view.ago(place.generation.created_at)
            )
            waits.append((said, place.address("/generations")))
    return waits


async def _passages(services: Services, brand: str) -> int:
    generations = await services.knowledge.generations(brand)
    return generations[0].passages if generations else 0
