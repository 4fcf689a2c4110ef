"""`aplomb keys`: makes, lists and revokes access keys, and shows who changed what; a service may run meanwhile."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.audit import AuditLog, Change
from service.access.callers import Scope
from service.access.keyring import PER_MINUTE, KeyRing, WantedKey
from service.access.keys import AccessKey
from service.access.store import KeyStore
from service.cli.database import opened
from service.cli.shell import Json, err, open_settings, out, run
from service.prompting.files import PromptFiles
from service.settings import Settings

app = typer.Typer(help="Make, list and revoke access keys; see who changed what.", no_args_is_help=True)

_READ_AND_WRITE = [Scope.REPLY_WRITE, Scope.REPLY_READ]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose it is, as the audit log will say.")],
    scope: Annotated[list[Scope] | None, typer.Option(help="What it may do; may be repeated.")] = None,
    brand: Annotated[list[str] | None, typer.Option(help="Whose things it sees; all when left out.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="It expires after so many days.")] = None,
    per_minute: Annotated[int, typer.Option(min=1, max=1_000_000, help="Requests that it may make.")] = PER_MINUTE,
    as_json: Json = False,
) -> None:
    """
    Make an access key and show it, once; from the first one on, the service asks everybody for a key.

    Without --scope it may write and read replies. Example: `aplomb keys create helpdesk --brand maison-lune`
    """
    wanted = WantedKey(
        name=name,
        scopes=tuple(scope or _READ_AND_WRITE),
        brands=tuple(brand) if brand else None,
        days=days,
        per_minute=per_minute,
    )
    key, text = run(_create(open_settings(), wanted), as_json=as_json)
    if as_json:
        typer.echo(json.dumps(_as_json(key) | {"key": text}))
    else:
        err.print("Keep it now: it is not shown again.")
        typer.echo(text)


@app.command("list")
def show_list(as_json: Json = False) -> None:
    """
    List the keys, oldest first, revoked and expired ones too; never their secrets.

    Example: `aplomb keys list`
    """
    found: tuple[AccessKey, ...] = run(_list(open_settings()), as_json=as_json)
    if as_json:
        typer.echo(json.dumps([_as_json(key) for key in found], indent=1))
        return
    table = Table("name", "prefix", "scopes", "brands", "a minute", "created", "last used", "state")
    for key in found:
        brands = "all" if key.brands is None else ", ".join(sorted(key.brands))
        told = (", ".join(sorted(key.scopes)), brands, str(key.per_minute), _day(key.created_at))
        table.add_row(escape(key.name), key.prefix, *told, _day(key.last_used_at), _state(key))
    out.print(table)


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="The key's name or prefix.")],
    as_json: Json = False,
) -> None:
    """
    Make a key useless, within a second and for good.

    Example: `aplomb keys revoke helpdesk`
    """
    revoked: AccessKey = run(_revoke(open_settings(), key), as_json=as_json)
    if as_json:
        typer.echo(json.dumps({"revoked": revoked.prefix}))
    else:
        out.print(f"{escape(revoked.name)} ({revoked.prefix}) is revoked")


@app.command()
def audit(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many entries.")] = 50,
    as_json: Json = False,
) -> None:
    """
    Show who changed what, newest first.

    Example: `aplomb keys audit --limit 20`
    """
    found: tuple[Change, ...] = run(_audit(open_settings(), limit), as_json=as_json)
    if as_json:
        rows = [{name: getattr(each, name) for name in Change.__slots__} for each in found]
        typer.echo(json.dumps(rows, default=str, ensure_ascii=False, indent=1))
        return
    for each in found:
        told = " ".join(filter(None, (each.brand, each.target, each.detail)))
        out.print(f"{each.at:%Y-%m-%d %H:%M} {each.who} {each.action} {told}", markup=False, highlight=False)


async def _create(settings: Settings, wanted: WantedKey) -> tuple[AccessKey, str]:
    async with opened(settings) as engine:
        return await _ring(engine).create(wanted, PromptFiles(settings.prompts_dir).brand_ids())


async def _list(settings: Settings) -> tuple[AccessKey, ...]:
    async with opened(settings) as engine:
        return await _ring(engine).seen_by()


async def _revoke(settings: Settings, name_or_prefix: str) -> AccessKey:
    async with opened(settings) as engine:
        return await _ring(engine).revoke(name_or_prefix)


def _ring(engine: AsyncEngine) -> KeyRing:
    return KeyRing(KeyStore(engine), AuditLog(engine))


async def _audit(settings: Settings, limit: int) -> tuple[Change, ...]:
    async with opened(settings) as engine:
        return await AuditLog(engine).page(limit=limit)


def _as_json(key: AccessKey) -> dict[str, Any]:
    moments = {name: getattr(key, name) for name in ("created_at", "expires_at", "revoked_at", "last_used_at")}
    return {
        "name": key.name,
        "prefix": key.prefix,
        "scopes": sorted(key.scopes),
        "brands": None if key.brands is None else sorted(key.brands),
        "per_minute": key.per_minute,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }


def _state(key: AccessKey) -> str:
    if key.revoked_at:
        return "revoked"
    if not key.holds(datetime.now(UTC)):
        return "expired"
    return f"until {_day(key.expires_at)}" if key.expires_at else "holds"


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"
