"""Which rows a batch of operations has to load, so that nothing is read that no operation asks about."""

from collections.abc import Sequence
from uuid import UUID

from farebox.till.operations import Admit, Cap, Extend, Hedge, Move, Operation, Settle


class Needs:
    """The rows of one batch: accounts and keys of all, the rest only of those that look at it."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.accounts: set[UUID] = set()
        self.keys: set[UUID] = set()
        self.spending: list[UUID] = []  # accounts whose lots a charge may use
        self.hold_accounts: list[UUID] = []
        self.hold_jobs: list[UUID] = []
        self.idempotency: list[tuple[UUID, str]] = []
        self.model_days: list[tuple[UUID, str]] = []
        self.model_minutes: list[tuple[UUID, str]] = []
        self.settled_under: dict[
            UUID, tuple[UUID, str]
        ] = {}  # by job: the Idempotency-Key, for settlements that are late
        spending: set[UUID] = set()
        for operation in operations:
            self.accounts.add(operation.account_id)
            self.keys.add(operation.key_id)
            if isinstance(operation, Admit):
                if operation.idempotency_key is not None:
                    self.idempotency.append((operation.account_id, operation.idempotency_key))
                if operation.account_model_cap_nano is not None:
                    self.model_days.append((operation.account_id, operation.model))
                if operation.account_model_requests is not None:
                    self.model_minutes.append((operation.account_id, operation.model))
                continue
            self.hold_accounts.append(operation.account_id)
            self.hold_jobs.append(operation.job_id)
            if isinstance(operation, Settle):
                spending.add(operation.account_id)
                if operation.idempotency_key is not None:
                    self.settled_under[operation.job_id] = (operation.account_id, operation.idempotency_key)
            elif isinstance(operation, Extend) and operation.account_model_cap_nano is not None:
                self.model_days.append((operation.account_id, operation.model))
        self.spending = list(spending)

    def holds(self) -> list[tuple[UUID, UUID]]:
        return list(zip(self.hold_accounts, self.hold_jobs, strict=True))


def caps_of(operations: Sequence[Operation]) -> dict[str, Cap]:
    """The shared caps that the operations count against, by scope."""
    caps: dict[str, Cap] = {}
    for operation in operations:
        if isinstance(operation, Admit | Extend) and operation.model_cap is not None:
            caps[operation.model_cap.scope] = operation.model_cap
        if isinstance(operation, Admit):
            for offer in operation.offers:
                caps.update((cap.scope, cap) for cap in offer.caps)
        elif isinstance(operation, Move):
            caps.update((cap.scope, cap) for cap in operation.to_offer.caps)
        elif isinstance(operation, Hedge):
            caps.update((cap.scope, cap) for cap in operation.offer.caps)
    return caps
