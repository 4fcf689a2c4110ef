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


WriterDep = Annotated[ReplyWriter, Depends(get_writer)]
OnceDep = Annotated[OnceWriter, Depends(get_once)]
ReplyLogDep = Annotated[ReplyLog, Depends(get_reply_log)]
FinderDep = Annotated[PassageFinder, Depends(get_finder)]
PromptFilesDep = Annotated[PromptFiles, Depends(get_prompt_files)]
PromptsDep = Annotated[PromptVersions, Depends(get_prompts)]
PlaygroundDep = Annotated[Playground, Depends(get_playground)]
PromptLintDep = Annotated[PromptLint, Depends(get_prompt_lint)]
