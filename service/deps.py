"""What an endpoint asks for by type: parts that were built once, when the service started."""

from typing import Annotated

from fastapi import Depends, Request

from service.assembly import Services
from service.knowledge.finding.retrieval import PassageFinder
from service.prompting.files import PromptFiles
from service.prompting.lint.lint import PromptLint
from service.prompting.versions import PromptVersions
from service.replies.once import OnceWriter
from service.replies.playground import Playground
from service.replies.writer import ReplyWriter
from service.reply_log.store import ReplyLog
from service.review.desk import ReviewDesk
from service.review.outcomes import Outcomes
from service.review.queues import ReviewQueues
from service.review.reviews import Reviews
from service.review.sampling import Sampler


def get_services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]


def get_writer(services: ServicesDep) -> ReplyWriter:
    return services.writer


def get_once(services: ServicesDep) -> OnceWriter:
    return services.once


def get_reply_log(services: ServicesDep) -> ReplyLog:
    return services.reply_log


def get_finder(services: ServicesDep) -> PassageFinder:
    return services.finder


def get_prompt_files(services: ServicesDep) -> PromptFiles:
    return services.prompt_files


def get_prompts(services: ServicesDep) -> PromptVersions:
    return services.prompts


def get_playground(services: ServicesDep) -> Playground:
    return services.playground


def get_prompt_lint(services: ServicesDep) -> PromptLint:
    return services.prompt_lint


def get_desk(services: ServicesDep) -> ReviewDesk:
    return services.desk


def get_reviews(services: ServicesDep) -> Reviews:
    return services.reviews


def get_review_queues(services: ServicesDep) -> ReviewQueues:
    return services.review_queues


def get_sampler(services: ServicesDep) -> Sampler:
    return services.sampler


def get_outcomes(services: ServicesDep) -> Outcomes:
    return services.outcomes


WriterDep = Annotated[ReplyWriter, Depends(get_writer)]
OnceDep = Annotated[OnceWriter, Depends(get_once)]
ReplyLogDep = Annotated[ReplyLog, Depends(get_reply_log)]
FinderDep = Annotated[PassageFinder, Depends(get_finder)]
PromptFilesDep = Annotated[PromptFiles, Depends(get_prompt_files)]
PromptsDep = Annotated[PromptVersions, Depends(get_prompts)]
PlaygroundDep = Annotated[Playground, Depends(get_playground)]
PromptLintDep = Annotated[PromptLint, Depends(get_prompt_lint)]
DeskDep = Annotated[ReviewDesk, Depends(get_desk)]
ReviewsDep = Annotated[Reviews, Depends(get_reviews)]
ReviewQueuesDep = Annotated[ReviewQueues, Depends(get_review_queues)]
SamplerDep = Annotated[Sampler, Depends(get_sampler)]
OutcomesDep = Annotated[Outcomes, Depends(get_outcomes)]


def reviewer_name(request: Request) -> str | None:
    """Return the name of the key that the caller came with; None where nobody had to show one."""
    caller = getattr(request.state, "caller", None)
    return caller.name if caller and caller.key_id else None
