"""The pages, all of them: each has a folder named as in the navigation. They work without JavaScript."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from service.web import login, places
from service.web.compare import pages as compare
from service.web.knowledge.pages import ROUTERS as KNOWLEDGE
from service.web.overview import pages as overview
from service.web.prompts import pages as prompts
from service.web.replies import pages as replies
from service.web.review import pages as review
from service.web.settings.pages import ROUTERS as SETTINGS
from service.web.statistics import pages as statistics
from service.web.trying import pages as trying
from service.web.view import STATIC


def install(app: FastAPI) -> None:
    """Serve the pages, and their own style sheets, scripts and logo."""
    pages = (login, trying, replies, prompts, overview, statistics, review, compare, places)
    for router in (*(page.router for page in pages), *KNOWLEDGE, *SETTINGS):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
