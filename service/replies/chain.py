"""The chain to the chat models: messages in, pieces of text out, within a deadline, whichever model answers."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, aclosing
from dataclasses import replace

from service.domain import ChatModelRef
from service.prompting.brands import Sampling
from service.prompting.templates.rendering import ChatMessage
from service.replies.models.attempt import ChatAttempt, request_bytes
from service.replies.models.budget import Budgets
from service.replies.models.calls import Again, ChatCall, Ending, Piece
from service.replies.models.faults import Fault, FaultKind
from service.replies.models.gate import Gate
from service.replies.models.opened import OpenChatModel
from service.replies.models.problems import to_error
from service.replies.models.turns import Bounds, Turns


class ReplyChain:
    """Asks a chat model, again where that may help, then the next; the call's tally says who was asked and why."""

    def __init__(
        self,
        open_model: Callable[[str], OpenChatModel],
        names: Sequence[str],
        budgets: Budgets,
        bounds: Bounds | None = None,
    ) -> None:
        """Ask the models *names* (`provider:name`, by preference) unless a call names its own."""
        self._budgets = budgets
        self._open_model = open_model
        self._names = tuple(names)
        self._bounds = bounds or Bounds()
        self._gates: dict[str, Gate] = {}

    @property
    def ref(self) -> ChatModelRef:
        """The model that is asked first when a call names none."""
        return self.models()[0].ref

    def models(self, names: Sequence[str] = ()) -> tuple[OpenChatModel, ...]:
        """Return the models *names*, or the service's own; ConfigurationError when one cannot be opened."""
        return tuple(self._open_model(name) for name in names or self._names)

    @property
    def resting(self) -> dict[str, float]:
        """Seconds until each provider that was found down is asked again."""
        rests = {provider: gate.breaker.rests_for_s for provider, gate in self._gates.items()}
        return {provider: rest for provider, rest in rests.items() if rest}

    @property
    def is_ready(self) -> bool:
        """Whether one of the service's own models may be asked now."""
        return any(model.ref.provider not in self.resting for model in self.models())

    async def warm_up(self) -> None:
        """Open the service's own models and let their libraries load what they load at a first call, unsent."""
        call = ChatCall(brand="", messages=(ChatMessage("user", "warm"),), sampling=Sampling())
        for model in self.models():
            await self.request_bytes(call, model.full_name)

    def check_room(self, names: Sequence[str] = ()) -> None:
        """Raise ChatModelBusyError, before any work is done, when every model's queue is full."""
        models = self.models(names)
        if all(model.calls_out and self._gate(model).lane.is_full for model in models):
            raise to_error(Fault(FaultKind.BUSY, retry_after_s=1.0), models[0].ref, self._bounds.total_s)

    async def within_budget(self, call: ChatCall) -> ChatCall | None:
        """
        Return *call* for those models that its brand can pay today, or None when there is none.

        Raises:
            ConfigurationError: There is a budget, and no price for one of the models.
        """
        models = await self._budgets.affordable(self.models(call.chat_models), call)
        return replace(call, chat_models=[model.full_name for model in models]) if models else None

    def budget_held(self, call: ChatCall) -> AbstractContextManager[None]:
        """Hold back what *call* may cost until the log knows what it did cost."""
        return self._budgets.held(self.models(call.chat_models), call)

    async def stream(self, call: ChatCall) -> AsyncGenerator[Piece | Again | Ending]:
        """
        Yield pieces as they come, `Again` where they become void, then exactly one Ending.

        Raises:
            ChatModelError: No model answered within the deadline.
        """
        turns = Turns(self.models(call.chat_models), self._bounds)
        while True:
            attempt = ChatAttempt(turns.model, call)
            try:
                async with aclosing(self._pieces(attempt, turns)) as pieces:
                    async for piece in pieces:
                        yield piece
                break
            except Fault as exc:
                fault = exc
            if not (call.may_restart() and await turns.follow(fault)):
                # A text that was cut is worth keeping, marked as incomplete; the rest is worth nothing.
                if fault.kind is FaultKind.TRUNCATED:
                    break
                raise to_error(fault, attempt.model.ref, self._bounds.total_s) from fault
            yield Again()
        yield attempt.ending()

    async def request_bytes(self, call: ChatCall, name: str | None = None) -> bytes:
        """
        Return exactly what is sent for *call* to the model *name*, or to the first one; nothing is sent.

        Raises:
            ChatModelError: The request cannot be made.
        """
        model = self.models([name] if name else call.chat_models)[0]
        try:
            return await request_bytes(model, call)
        except Fault as fault:
            raise to_error(fault, model.ref, self._bounds.total_s) from fault

    async def _pieces(self, attempt: ChatAttempt, turns: Turns) -> AsyncGenerator[Piece]:
        """Pass the attempt through its provider's gate, and note it however it ends."""
        error: str | None = "stopped"
        try:
            async with AsyncExitStack() as stack:
                if attempt.model.calls_out:
                    await stack.enter_async_context(self._gate(attempt.model).passage(turns.left_s))
                pieces = await stack.enter_async_context(aclosing(attempt.pieces(turns.left_s, self._bounds.silence_s)))
                async for piece in pieces:
                    yield piece
            error = None
        except Fault as fault:
            error = fault.name
            raise
        finally:
            attempt.note(error)

    def _gate(self, model: OpenChatModel) -> Gate:
        return self._gates.setdefault(model.ref.provider, Gate(self._bounds.calls, self._bounds.queue))
