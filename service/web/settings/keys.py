"""The access keys: who has which, a new one, and the end of one."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from service.access.callers import Scope
from service.access.keyring import MAX_DAYS, MAX_PER_MINUTE, PER_MINUTE, WantedKey
from service.access.keys import AccessKey
from service.assembly import Services
from service.deps import CallerDep, ServicesDep
from service.errors import InvalidInputError, NameTakenError
from service.web.routes import PageRoute
from service.web.view import View, ViewDep

router = APIRouter(prefix="/settings/keys", route_class=PageRoute, include_in_schema=False)

_LONGEST_FIGURE = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyForm:
    """What stands in the fields."""

    name: str = ""
    scopes: tuple[str, ...] = (Scope.REPLY_READ, Scope.REPLY_WRITE)
    brands: tuple[str, ...] = ()
    """Empty means every brand."""
    days: str = ""
    per_minute: str = str(PER_MINUTE)

    @classmethod
    def of(cls, sent: FormData) -> "KeyForm":
        def texts(name: str) -> tuple[str, ...]:
            return tuple(each for each in sent.getlist(name) if isinstance(each, str))

        def text(name: str) -> str:
            return next(iter(texts(name)), "").strip()

        return cls(
            name=text("name"), scopes=texts("scope"), brands=texts("brand"), days=text("days"),
            per_minute=text("per_minute") or str(PER_MINUTE),
        )  # fmt: skip

    def wanted(self) -> WantedKey:
        """Return the key; a scope that there is not is none, a figure that is none is out of range."""
        return WantedKey(
            name=self.name,
            scopes=tuple(scope for scope in Scope if scope.value in self.scopes),
            brands=self.brands or None,
            days=_figure(self.days) if self.days else None,
            per_minute=_figure(self.per_minute),
        )


@router.get("")
async def show_keys(view: ViewDep, services: ServicesDep, caller: CallerDep) -> Response:
    """Show the keys that the visitor may see, and the form for a new one."""
    keys = await services.keys.seen_by(caller)
    first = () if keys else (Scope.ADMIN,)
    return await _page(view, services, keys, KeyForm(scopes=first or KeyForm().scopes))


@router.post("")
async def make_key(request: Request, view: ViewDep, services: ServicesDep, caller: CallerDep) -> Response:
    """Make a key and show it, once."""
    form = KeyForm.of(await request.form())
    for brand in form.brands:
        services.prompt_files.check_brand(brand)
    problems: dict[str, str] = {}
    try:
        if Scope.ADMIN not in form.scopes and not await services.keys.seen_by():
            problems["scopes"] = view.t("access.wrong.first")
        else:
            made, text = await services.keys.create(form.wanted(), services.prompt_files.brand_ids(), caller)
    except InvalidInputError as exc:
        names = [pointer.pointer.removeprefix("/") for pointer in exc.pointers]
        problems = {name: view.t(f"access.wrong.{name}", days=MAX_DAYS, most=MAX_PER_MINUTE) for name in names}
    except NameTakenError:
        problems["name"] = view.t("access.wrong.taken")
    keys = await services.keys.seen_by(caller)
    if problems:
        return await _page(view, services, keys, form, problems=problems, status=422)
    return await _page(view, services, keys, KeyForm(), made=made, text=text, status=201)


@router.post("/revocations")
async def revoke_key(
    services: ServicesDep, caller: CallerDep, prefix: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """End a key, and show the list."""
    await services.keys.revoke(prefix, caller)
    return RedirectResponse("/settings/keys", 303)


async def _page(  # noqa: PLR0913 - what the page shows
    view: View,
    services: Services,
    keys: tuple[AccessKey, ...],
    form: KeyForm,
    *,
    problems: dict[str, str] | None = None,
    made: AccessKey | None = None,
    text: str = "",
    status: int = 200,
) -> Response:
    now = datetime.now(UTC)
    brands = await services.prompts.brands()
    return view.page(
        "settings/keys.html",
        status,
        here="settings",
        tab="keys",
        held=[key for key in reversed(keys) if key.holds(now)],
        ended=[key for key in reversed(keys) if not key.holds(now)],
        form=form,
        problems=problems or {},
        made=made,
        text=text,
        is_open=not keys and not await services.keys.seen_by(),
        scopes=list(Scope),
        brands=[(each, brands[each].name if each in brands else each) for each in services.prompt_files.brand_ids()],
    )


def _figure(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_FIGURE else -1
