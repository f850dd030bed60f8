"""The whole policy of the till as one pure function: what a batch of operations does to the rows it has loaded.

    admission.py    may a call run, and for how much
    refusals.py     why not, in words
    limits.py       limits of keys and accounts, and what they leave
    caps.py         caps that all workers share, through this worker's leases
    course.py       extend, move and hedge: a job on its way
    settlement.py   settle and void: how a job ends

Operations of one batch see each other's effects. Equal state and operations give equal results: no clock, no ids, no
randomness, no I/O; an operation carries its own id, and the state its time.
"""

from collections.abc import Sequence

from farebox.till.admission import admit
from farebox.till.course import extend, hedge, move
from farebox.till.operations import Admit, Decided, Extend, Hedge, Move, Operation, Settle
from farebox.till.settlement import settle, void
from farebox.till.state import State, Writes


def decide(state: State, operations: Sequence[Operation]) -> tuple[Writes, list[Decided]]:
    """One answer per operation, in order, and what the database has to be told; changes the rows of `state`."""
    writes = Writes()
    return writes, [_decide(state, writes, operation) for operation in operations]


def _decide(state: State, writes: Writes, operation: Operation) -> Decided:
    match operation:
        case Admit():
            return admit(state, writes, operation)
        case Settle():
            return settle(state, writes, operation)
        case Extend():
            return extend(state, writes, operation)
        case Move():
            return move(state, writes, operation)
        case Hedge():
            return hedge(state, writes, operation)
        case _:
            return void(state, writes, operation)
