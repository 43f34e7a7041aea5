"""The token game of a drawing: where tokens can stand, and what can happen next.

A place is an element's id, or a flow's id before a gateway that waits for several flows. A marking is the set of
places that hold a token; a subprocess holds one while tokens run inside it. Choices are free (no data), every task,
message and timer happens sooner or later, a multi-instance is passed once. Non-interrupting events are left aside: each
of their branches is played by itself, from a marking of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations
from typing import Final

from engine.drawing import Drawing, Element, Flow

Marking = frozenset[str]

EMPTY: Final[Marking] = frozenset()
SCOPES: Final = frozenset({"subProcess", "transaction"})
WAITING_JOINS: Final = frozenset({"parallelGateway", "inclusiveGateway"})
#: An inclusive gateway with more ways out than this is played as if it took all of them, or one.
MAX_SUBSETS: Final = 6


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that can happen: at which element, the marking after it, and a place that got a second token."""

    element: str
    after: Marking
    doubled: str | None = None


@dataclass(frozen=True)
class Game:
    """The rules of one drawing."""

    drawing: Drawing

    def place_of(self, flow: Flow) -> str:
        """Where a token stands that has passed a flow."""
        return flow.id if flow.target in self.joins else flow.target

    @cached_property
    def joins(self) -> frozenset[str]:
        """The gateways that wait for several flows."""
        return frozenset(
            e.id
            for e in self.drawing.elements.values()
            if e.kind in WAITING_JOINS and len(self.drawing.incoming.get(e.id, ())) > 1
        )

    @cached_property
    def insides(self) -> Mapping[str, frozenset[str]]:
        """The places inside each subprocess, at any depth."""
        found: dict[str, set[str]] = {e.id: set() for e in self.drawing.elements.values() if e.kind in SCOPES}
        for element in self.drawing.elements.values():
            here = element.scope
            while here in found:
                found[here] |= {element.id, *(f.id for f in self.drawing.incoming.get(element.id, ()))}
                here = self.drawing.elements[here].scope
        return {scope: frozenset(places) for scope, places in found.items()}

    def start(self) -> Marking:
        """Give the marking with which a case begins: a token on each start event of the top level."""
        return frozenset(e.id for e in self.drawing.within(self.drawing.process) if e.kind == "startEvent")

    def branch(self, event: Element) -> Marking:
        """Give the marking with which the branch of a non-interrupting event begins."""
        return self.enter(EMPTY, self.drawing.outgoing.get(event.id, ()))[0]

    def enter(self, marking: Marking, flows: Iterable[Flow]) -> tuple[Marking, str | None]:
        """Give the marking after tokens passed some flows, and a place that now would hold two."""
        places: set[str] = set(marking)
        doubled: str | None = None
        for flow in flows:
            stack = [self.place_of(flow)]
            while stack:
                place = stack.pop()
                doubled = place if place in places else doubled
                places.add(place)
                element = self.drawing.elements.get(place)
                if element and element.kind in SCOPES:
                    stack.extend(e.id for e in self.drawing.within(place) if e.kind == "startEvent")
        return frozenset(places), doubled

    def moves(self, marking: Marking) -> Iterator[Move]:
        """Give everything that can happen next."""
        for place in sorted(marking):
            element = self.drawing.elements.get(place)
            if element is not None:
                yield from self.leave(marking, element)
                yield from self.interrupt(marking, element)
        for join in sorted(self.joins):
            yield from self.join(marking, self.drawing.elements[join])

    def leave(self, marking: Marking, element: Element) -> Iterator[Move]:
        """Play an element that holds a token."""
        if element.kind == "endEvent":
            yield self.end(marking, element)
            return
        if element.kind in SCOPES and marking & self.insides[element.id]:
            return
        flows = self.drawing.outgoing.get(element.id, ())
        for taken in choices(element, flows):
            yield self.move(marking - {element.id}, element.id, taken)

    def interrupt(self, marking: Marking, host: Element) -> Iterator[Move]:
        """Play the interrupting events on an activity that holds a token."""
        for event in self.drawing.boundary.get(host.id, ()):
            if event.interrupting:
                rest = marking - {host.id} - self.insides.get(host.id, EMPTY)
                yield self.move(rest, event.id, self.drawing.outgoing.get(event.id, ()))

    def end(self, marking: Marking, element: Element) -> Move:
        """Play an end event: its token goes, and a terminating one takes all of its scope along."""
        rest = marking - {element.id}
        if element.event == "terminate":
            rest = rest - self.insides[element.scope] if element.scope in self.insides else EMPTY
        return Move(element.id, rest)

    def join(self, marking: Marking, gateway: Element) -> Iterator[Move]:
        """Play a gateway that waits: a parallel one for all flows, an inclusive one for all that can still come."""
        flows = self.drawing.incoming[gateway.id]
        marked = frozenset(flow.id for flow in flows) & marking
        missing = [flow for flow in flows if flow.id not in marked]
        if not marked or (gateway.kind == "parallelGateway" and missing):
            return
        if gateway.kind == "inclusiveGateway" and self.may_come(marking - marked, missing, gateway.id):
            return
        for taken in choices(gateway, self.drawing.outgoing.get(gateway.id, ())):
            yield self.move(marking - marked, gateway.id, taken)

    def may_come(self, marking: Marking, missing: Iterable[Flow], gateway: str) -> bool:
        """Whether a token elsewhere can still reach one of the missing flows without passing the gateway."""
        wanted = {flow.source for flow in missing}
        seen: set[str] = {gateway}
        stack = [self.drawing.flows[p].target if p in self.drawing.flows else p for p in marking]
        while stack:
            here = stack.pop()
            if here in seen:
                continue
            seen.add(here)
            if here in wanted:
                return True
            stack.extend(flow.target for flow in self.drawing.outgoing.get(here, ()))
            stack.extend(event.id for event in self.drawing.boundary.get(here, ()) if event.interrupting)
        return False

    def move(self, rest: Marking, element: str, flows: Iterable[Flow]) -> Move:
        """Give the move that sends tokens over flows."""
        after, doubled = self.enter(rest, flows)
        return Move(element, after, doubled)


def choices(element: Element, flows: tuple[Flow, ...]) -> Iterator[tuple[Flow, ...]]:
    """Give every set of flows that an element may take."""
    if element.kind in {"exclusiveGateway", "eventBasedGateway"} and flows:
        yield from ((flow,) for flow in flows)
    elif element.kind == "inclusiveGateway" and len(flows) > 1:
        yield from ((flow,) for flow in flows if flow.is_default)
        chosen = [flow for flow in flows if not flow.is_default]
        sizes = range(1, len(chosen) + 1) if len(chosen) <= MAX_SUBSETS else (1, len(chosen))
        yield from chain.from_iterable(combinations(chosen, size) for size in sizes)
    else:
        yield flows
