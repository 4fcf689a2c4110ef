"""How each brand stands: what its files make, what holds for its replies, and what it spent today."""

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Response

from service.assembly import Services
from service.deps import ServicesDep
from service.errors import PromptError
from service.prompting.brands import Brand
from service.prompting.versions.overview import Overview, overview
from service.web.routes import PageRoute
from service.web.view import View, ViewDep

router = APIRouter(prefix="/settings", route_class=PageRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandState:
    id: str
    brand: Brand | None
    """As it answers: as its files say, or as the last good version did; None when it cannot answer at all."""
    seen: Overview
    files: dict[str, datetime | None]
    generation: int
    spent_usd: float
    """Today (UTC)."""

    @property
    def share(self) -> float | None:
        """Of today's budget, in [0, 1]; None without a budget."""
        budget = self.brand.budget_usd_per_day if self.brand else None
        return None if budget is None else min(1.0, self.spent_usd / budget) if budget else 1.0


@router.get("")
async def show_brands(view: ViewDep, services: ServicesDep) -> Response:
    """Show every brand that the visitor may see."""
    states = [await state_of(services, each) for each in services.prompt_files.brand_ids()]
    return view.page(
        "settings/brands.html",
        here="settings",
        tab="brands",
        states=[(state, policies(view, services, state.brand) if state.brand else []) for state in states],
    )


async def state_of(services: Services, brand_id: str) -> BrandState:
    seen = await overview(services.prompts, brand_id)
    try:
        brand = await services.prompts.brand(brand_id)
    except PromptError:
        brand = None
    return BrandState(
        id=brand_id,
        brand=brand,
        seen=seen,
        files=services.prompt_files.written_at(brand_id, brand.tone if brand else ""),
        generation=await services.knowledge.generation(brand_id),
        spent_usd=await services.spending.spent(brand_id, datetime.now(UTC).date()),
    )


def policies(view: View, services: Services, brand: Brand) -> list[tuple[str, str]]:
    """Return what holds for the brand's replies, as label and words."""
    models = ", ".join(brand.chat_models) or services.chat_model.name
    languages = ", ".join(view.t(f"language.{code}", default=code) for code in brand.languages)
    return [
        ("languages", languages),
        ("tone", brand.tone),
        ("timezone", brand.timezone),
        ("send", view.t("policy.send.yes" if brand.send else "policy.send.no")),
        ("unsupported", view.t(f"policy.unsupported.{brand.unsupported}")),
        ("personal_data", view.t(f"policy.personal_data.{brand.personal_data}")),
        ("threshold", view.percent(services.settings.min_answerability)),
        ("handoff", ", ".join(brand.handoff_topics) or view.t("policy.none")),
        ("disclosure", ", ".join(brand.disclosure_channels) or view.t("policy.every_channel")),
        ("chat_models", models),
        ("retention", view.t("policy.days", n=brand.retention_days) if brand.retention_days else view.t("policy.kept")),
    ]
