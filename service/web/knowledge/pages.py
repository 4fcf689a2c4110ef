"""The pages of the knowledge base, in the order in which their addresses are looked for."""

from service.web.knowledge import articles, findings, generations, ingests, trial

ROUTERS = (articles.router, findings.router, trial.router, generations.router, ingests.router)
