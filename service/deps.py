"""What an endpoint asks for by type: parts that were built once, when the service started."""

from typing import Annotated

from fastapi import Depends, Request

from service.access.audit import AuditLog
from service.access.callers import Caller
from service.access.door import Door
from service.assembly import Services
from service.knowledge.finding.retrieval import PassageFinder
from service.prompting.files import PromptFiles
from service.prompting.lint.lint import PromptLint
from service.prompting.versions.kept import PromptVersions
from service.replies.once import OnceWriter
from service.replies.playground import Playground
from service.replies.writer import ReplyWriter
from service.reply_log.erasures import Eraser
from service.reply_log.exchange.export import Exporter
from service.reply_log.store import ReplyLog
from service.review.comparison.comparisons import Comparisons
from service.review.comparison.pairs import Pairs
from service.review.comparison.results import ComparisonResults
from service.review.desk import ReviewDesk
from service.review.outcomes import Outcomes
from service.review.picking import Picker
from service.review.queues import ReviewQueues
from service.review.reviews import Reviews
from service.review.sampling import Sampler
from service.review.statistics.statistics import Statistics


# Coroutines, though they wait for nothing: what is none, FastAPI hands to a thread and waits for.
async def get_caller(request: Request) -> Caller:
    """Return who calls; at an open door, where nobody had to say, one without any right."""
    caller: Caller | None = request.state.caller
    return caller or _NOBODY


CallerDep = Annotated[Caller, Depends(get_caller)]
_NOBODY = Caller(name="nobody", scopes=frozenset(), brands=frozenset())


async def get_services(request: Request, caller: CallerDep) -> Services:
    """Return the service's parts as the caller sees them."""
    services: Services = request.app.state.services
    return services if caller.brands is None else services.only(caller.brands)


async def get_whole(request: Request) -> Services:
    """Return the parts as the operator sees them: for what says nothing of any brand."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]
WholeDep = Annotated[Services, Depends(get_whole)]


async def get_writer(services: ServicesDep) -> ReplyWriter:
    return services.writer


async def get_once(services: ServicesDep) -> OnceWriter:
    return services.once


async def get_reply_log(services: ServicesDep) -> ReplyLog:
    return services.reply_log


async def get_finder(services: ServicesDep) -> PassageFinder:
    return services.finder


async def get_prompt_files(services: ServicesDep) -> PromptFiles:
    return services.prompt_files


async def get_prompts(services: ServicesDep) -> PromptVersions:
    return services.prompts


async def get_playground(services: ServicesDep) -> Playground:
    return services.playground


async def get_prompt_lint(services: ServicesDep) -> PromptLint:
    return services.prompt_lint


async def get_door(services: ServicesDep) -> Door:
    return services.door


async def get_audit(services: ServicesDep) -> AuditLog:
    return services.audit


async def get_desk(services: ServicesDep, caller: CallerDep) -> ReviewDesk:
    return services.desk.of(caller)


async def get_statistics(services: ServicesDep) -> Statistics:
    return services.statistics


async def get_reviews(services: ServicesDep) -> Reviews:
    return services.reviews


async def get_review_queues(services: ServicesDep) -> ReviewQueues:
    return services.review_queues


async def get_picker(services: ServicesDep) -> Picker:
    return services.picker


async def get_sampler(services: ServicesDep) -> Sampler:
    return services.sampler


async def get_eraser(services: ServicesDep) -> Eraser:
    return services.eraser


async def get_exporter(services: ServicesDep) -> Exporter:
    return services.exporter


async def get_outcomes(services: ServicesDep) -> Outcomes:
    return services.outcomes


async def get_comparisons(services: ServicesDep) -> Comparisons:
    return services.comparisons


async def get_pairs(services: ServicesDep) -> Pairs:
    return services.pairs


async def get_comparison_results(services: ServicesDep) -> ComparisonResults:
    return services.comparison_results


DoorDep = Annotated[Door, Depends(get_door)]
AuditDep = Annotated[AuditLog, Depends(get_audit)]
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
StatisticsDep = Annotated[Statistics, Depends(get_statistics)]
ReviewQueuesDep = Annotated[ReviewQueues, Depends(get_review_queues)]
PickerDep = Annotated[Picker, Depends(get_picker)]
SamplerDep = Annotated[Sampler, Depends(get_sampler)]
EraserDep = Annotated[Eraser, Depends(get_eraser)]
ExporterDep = Annotated[Exporter, Depends(get_exporter)]
OutcomesDep = Annotated[Outcomes, Depends(get_outcomes)]
ComparisonsDep = Annotated[Comparisons, Depends(get_comparisons)]
PairsDep = Annotated[Pairs, Depends(get_pairs)]
ComparisonResultsDep = Annotated[ComparisonResults, Depends(get_comparison_results)]


def reviewer_name(request: Request) -> str | None:
    """Return the name of the key that the caller came with; None where nobody had to show one."""
    caller = getattr(request.state, "caller", None)
    return caller.name if caller and caller.key_id else None
