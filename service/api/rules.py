"""Which scope each route needs; a route that is not declared here keeps the service from starting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from re import Pattern
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, compile_path

from service.access.callers import Scope
from service.api.problems import problem_responses
from service.errors import ConfigurationError

Need = frozenset[Scope] | None
"""One of these scopes; an empty set: any key; None: open to everyone."""

_OPEN: Need = None
_ANY_KEY: Need = frozenset()
_READ: Need = frozenset({Scope.REPLY_READ})
_WRITE: Need = frozenset({Scope.REPLY_WRITE})
_ARTICLES: Need = frozenset({Scope.KNOWLEDGE_WRITE})
_ARTICLES_READ: Need = frozenset({Scope.REPLY_READ, Scope.REPLY_WRITE, Scope.KNOWLEDGE_WRITE})
_PROMPTS: Need = frozenset({Scope.PROMPTS_WRITE})
_PROMPTS_READ: Need = frozenset({Scope.REPLY_READ, Scope.PROMPTS_WRITE})
_REVIEW: Need = frozenset({Scope.REVIEW_WRITE})
_REVIEW_READ: Need = frozenset({Scope.REPLY_READ, Scope.REVIEW_WRITE})
_PERSONAL: Need = frozenset({Scope.PERSONAL_READ})
_OUTCOME: Need = frozenset({Scope.REPLY_WRITE, Scope.REVIEW_WRITE})
_PAIRS_READ: Need = frozenset({Scope.REPLY_READ, Scope.REVIEW_WRITE, Scope.PROMPTS_WRITE})
_ADMIN: Need = frozenset({Scope.ADMIN})

NEEDS: Mapping[str, Need] = {
    "GET /healthz": _OPEN,
    "GET /readyz": _OPEN,
    "GET /version": _OPEN,
    "GET /login": _OPEN,
    "POST /login": _OPEN,
    "POST /logout": _OPEN,
    "GET /openapi.json": _ANY_KEY,
    "POST /v1/replies": _WRITE,
    "GET /v1/replies": _READ,
    "GET /v1/replies/export": _READ,
    "GET /v1/replies/{reply_id}": _READ,
    "GET /v1/replies/{reply_id}/receipt": _READ,
    "POST /v1/replies/{reply_id}/reproduce": _READ,
    "POST /v1/replies/{reply_id}/reveal": _PERSONAL,
    "POST /v1/replies/{reply_id}/reviews": _REVIEW,
    "GET /v1/replies/{reply_id}/reviews": _REVIEW_READ,
    "PUT /v1/replies/{reply_id}/outcome": _OUTCOME,
    "GET /v1/replies/{reply_id}/outcome": _REVIEW_READ,
    "POST /v1/review/{queue}/next": _REVIEW,
    "POST /v1/review/samples": _REVIEW,
    "POST /v1/review/picked": _REVIEW,
    "GET /v1/statistics/{statistic}": _REVIEW_READ,
    "POST /v1/comparisons": _PROMPTS,
    "GET /v1/comparisons": _PAIRS_READ,
    "GET /v1/comparisons/{comparison_id}": _PAIRS_READ,
    "GET /v1/comparisons/{comparison_id}/results": _PAIRS_READ,
    "POST /v1/comparisons/{comparison_id}/next": _REVIEW,
    "POST /v1/comparisons/{comparison_id}/pairs/{pair_id}": _REVIEW,
    "POST /v1/comparisons/{comparison_id}/undo": _REVIEW,
    "POST /v1/comparisons/{comparison_id}/stop": _PROMPTS,
    "POST /v1/comparisons/{comparison_id}/retry": _PROMPTS,
    "GET /v1/prompts/lint": _PROMPTS_READ,
    "GET /v1/prompts/{version}/lint": _PROMPTS_READ,
    "GET /v1/prompts": _PROMPTS_READ,
    "POST /v1/prompts/preview": _PROMPTS,
    "POST /v1/prompts/scenarios": _PROMPTS,
    "PUT /v1/prompts/labels/{label}": _PROMPTS,
    "POST /v1/prompts/labels/{label}/rollbacks": _PROMPTS,
    "GET /v1/prompts/labels/{label}/history": _PROMPTS_READ,
    "GET /v1/prompts/{version}": _PROMPTS_READ,
    "GET /v1/prompts/{version}/diff": _PROMPTS_READ,
    "GET /v1/knowledge/search": _ARTICLES_READ,
    "GET /v1/knowledge/generations": _ARTICLES_READ,
    "POST /v1/knowledge/ingests": _ARTICLES,
    "POST /v1/knowledge/uploads": _ARTICLES,
    "DELETE /v1/knowledge/articles": _ARTICLES,
    "POST /v1/knowledge/rollbacks": _ARTICLES,
    "POST /v1/erasures": _ADMIN,
    "GET /v1/audit": _ADMIN,
    "GET /": _WRITE,
    "POST /": _WRITE,
    "GET /replies": _READ,
    "GET /replies/{reply_id}": _READ,
    "POST /replies/{reply_id}/reveal": _PERSONAL,
    "POST /replies/{reply_id}/review": _REVIEW,
    "GET /review": _REVIEW,
    "POST /review/draw": _REVIEW,
    "POST /review/pick": _REVIEW,
    "POST /review/undo": _REVIEW,
    "GET /review/{queue}": _REVIEW,
    "GET /review/{queue}/{reply_id}": _REVIEW,
    "POST /review/{queue}/{reply_id}": _REVIEW,
    "POST /review/{queue}/{reply_id}/reveal": _PERSONAL,
    "GET /compare": _PAIRS_READ,
    "POST /compare": _PROMPTS,
    "GET /compare/{comparison_id}": _REVIEW,
    "GET /compare/{comparison_id}/results": _PAIRS_READ,
    "GET /compare/{comparison_id}/pairs/{pair_id}": _REVIEW_READ,
    "POST /compare/{comparison_id}/pairs/{pair_id}": _REVIEW,
    "POST /compare/{comparison_id}/undo": _REVIEW,
    "POST /compare/{comparison_id}/stop": _PROMPTS,
    "POST /compare/{comparison_id}/retry": _PROMPTS,
    "GET /overview": _REVIEW_READ,
    "GET /replays": _REVIEW_READ,
    "GET /gaps": _REVIEW_READ,
    "GET /settings": _ANY_KEY,
    "GET /settings/interface": _ANY_KEY,
    "POST /settings/interface": _ANY_KEY,
    "GET /settings/keys": _ADMIN,
    "POST /settings/keys": _ADMIN,
    "POST /settings/keys/revocations": _ADMIN,
    "GET /settings/audit": _ADMIN,
    "GET /statistics": _REVIEW_READ,
    "GET /statistics/{statistic}.csv": _REVIEW_READ,
    "GET /knowledge": _ARTICLES_READ,
    "GET /knowledge/article": _ARTICLES_READ,
    "GET /knowledge/findings": _ARTICLES_READ,
    "GET /knowledge/search": _ARTICLES_READ,
    "GET /knowledge/generations": _ARTICLES_READ,
    "GET /knowledge/generations/{number}": _ARTICLES,
    "POST /knowledge/rollbacks": _ARTICLES,
    "GET /knowledge/add": _ARTICLES,
    "POST /knowledge/uploads": _ARTICLES,
    "GET /knowledge/ingests/{job_id}": _ARTICLES,
    "POST /knowledge/ingests/{job_id}": _ARTICLES,
    "GET /knowledge/ingests/{job_id}/progress": _ARTICLES,
    "GET /prompts": _PROMPTS_READ,
    "POST /prompts/labels": _PROMPTS,
    "GET /prompts/try": _PROMPTS,
    "POST /prompts/try": _PROMPTS,
    "POST /prompts/scenarios": _PROMPTS,
    "GET /prompts/{version}": _PROMPTS_READ,
}
_STATIC = "/static"
_API = ("/v1/", "/openapi.json", "/healthz", "/readyz", "/version")


@dataclass(frozen=True, slots=True)
class Rule:
    method: str
    path: str
    needs: Need
    pattern: Pattern[str]

    @property
    def is_page(self) -> bool:
        return not self.path.startswith(_API)


class Rules:
    """The rules of an application's routes, in the order in which it looks for them."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.all = tuple(rules)

    @classmethod
    def of(cls, app: FastAPI) -> "Rules":
        """
        Return a rule for each route.

        Raises:
            ConfigurationError: A route has none, or a rule has no route.
        """
        routes = list(_routes(app))
        names = [f"{method} {path}" for method, path in routes]
        if odd := sorted(set(names) ^ set(NEEDS)):
            raise ConfigurationError(f"service/api/rules.py and the routes differ in: {', '.join(odd)}")
        return cls(
            Rule(method, path, NEEDS[name], compile_path(path)[0])
            for name, (method, path) in zip(names, routes, strict=True)
        )

    def match(self, method: str, path: str) -> Rule | None:
        """Return the rule of the route that will answer; None when no route will."""
        return next((each for each in self.all if each.method == method and each.pattern.match(path)), None)


def is_static(path: str) -> bool:
    return path.startswith(f"{_STATIC}/")


def document(app: FastAPI) -> None:
    """Say in the OpenAPI document that a key is sent, which scope each operation needs, and what refusals look like."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _describe(plain())
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _describe(schema: dict[str, Any]) -> None:
    bearer = {"type": "http", "scheme": "bearer", "description": "An access key: apl_<prefix>_<secret>."}
    schema.setdefault("components", {})["securitySchemes"] = {"accessKey": bearer}
    refusals = {str(status): answer for status, answer in problem_responses(401, 403, 429).items()}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            needs = NEEDS[f"{method.upper()} {path}"]
            if needs is None:
                continue
            # Without any key the service is open on loopback.
            operation["security"] = [{"accessKey": []}, {}]
            operation["x-scopes"] = sorted(needs)
            for status, answer in refusals.items():
                operation["responses"].setdefault(
                    status, {"description": answer["description"], "content": answer["content"]}
                )


def _routes(app: FastAPI) -> Iterable[tuple[str, str]]:
    for route in iter_route_contexts(app.router.routes):
        if isinstance(route.original_route, Mount):
            if route.path != _STATIC:
                raise ConfigurationError(f"service/api/rules.py does not know what is mounted at {route.path}")
            continue
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, route.path or ""
