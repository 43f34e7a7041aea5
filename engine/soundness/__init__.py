"""Whether every token ends: a search over all markings of a drawing.

Found are a case that stops for good (deadlock), one that goes round without a way out (livelock), one that ends while a
branch still runs, a second token on a place (tokens would multiply), and elements that no case ever passes. Each comes
with a shortest way to it, in the names of the drawing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.drawing import Drawing, Element
from engine.lint.findings import Finding, Severity
from engine.lint.parts import label
from engine.soundness.tokens import EMPTY, Game, Marking, Move

__all__ = ["check"]

#: So many markings are looked at before the search gives up.
LIMIT: Final = 200_000
#: A way longer than this is told by its beginning and its end.
MAX_NAMES: Final = 14


@dataclass
class Search:
    """What was seen from one marking on: how each marking was first reached, and what followed it."""

    reached: dict[Marking, tuple[Marking, Move] | None] = field(default_factory=dict)
    followers: dict[Marking, list[Marking]] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    doubled: dict[str, tuple[Marking, Move]] = field(default_factory=dict)
    hasty: dict[str, tuple[Marking, Move]] = field(default_factory=dict)
    is_complete: bool = True

    def way_to(self, marking: Marking, last: Move | None = None) -> list[str]:
        """Give the elements of a shortest way to a marking, and the move after it."""
        steps = [last.element] if last else []
        here = self.reached[marking]
        while here is not None:
            marking, move = here
            steps.append(move.element)
            here = self.reached[marking]
        return steps[::-1]

    def stuck(self) -> list[Marking]:
        """Give the markings with tokens from which nothing follows, nearest first."""
        return [marking for marking, after in self.followers.items() if marking and not after]

    def hopeless(self) -> list[Marking]:
        """Give the markings from which neither the end nor a standstill can be reached, nearest first."""
        before: dict[Marking, list[Marking]] = {}
        for marking, after in self.followers.items():
            for follower in after:
                before.setdefault(follower, []).append(marking)
        hopeful = {m for m, after in self.followers.items() if not after} | {EMPTY}
        stack = list(hopeful)
        while stack:
            for marking in before.get(stack.pop(), ()):
                if marking not in hopeful:
                    hopeful.add(marking)
                    stack.append(marking)
        return [marking for marking in self.followers if marking not in hopeful]


def check(drawing: Drawing, limit: int = LIMIT) -> list[Finding]:
    """Give the errors of a drawing's token game, at most `limit` markings deep; empty where every token ends.

    The branch of a non-interrupting event is searched by itself: it must end without entering the main way. A flow
    that leads to nothing or from nothing is told by the rule `unconnected`; no game is played on it.
    """
    if any(not {flow.source, flow.target} <= drawing.elements.keys() for flow in drawing.flows.values()):
        return []
    game = Game(drawing)
    main = search(game, game.start(), limit)
    findings = list(judge(drawing, main))
    passed = set(main.passed)
    for event in drawing.elements.values():
        if event.kind == "boundaryEvent" and not event.interrupting and event.attached_to in main.passed:
            branch = search(game, game.branch(event), limit)
            passed |= branch.passed | {event.id}
            entered = [i for i in branch.passed & main.passed if drawing.elements[i].kind != "endEvent"]
            if entered:
                first = label(drawing.elements[min(entered, key=list(drawing.elements).index)])
                words = f"боковая ветвь от {label(event)} вливается в основной ход у {first}; закончите её своим концом"
                findings.append(error("soundness_side_branch", event.id, f"{words[0].upper()}{words[1:]}."))
            else:
                findings.extend(judge(drawing, branch))
    if main.is_complete:
        findings.extend(find_dead(drawing, passed))
    return unique(findings)


def search(game: Game, start: Marking, limit: int) -> Search:
    """Look at every marking that can be reached, nearest first; a move that doubles a token is not followed."""
    found = Search(reached={start: None})
    queue = [start]
    for marking in queue:
        if len(found.reached) > limit:
            found.is_complete = False
            break
        after = found.followers.setdefault(marking, [])
        for move in game.moves(marking):
            found.passed.add(move.element)
            if move.doubled is not None:
                found.doubled.setdefault(move.doubled, (marking, move))
                after.append(EMPTY)
                continue
            element = game.drawing.elements[move.element]
            if element.kind == "endEvent" and element.scope == game.drawing.process and move.after:
                found.hasty.setdefault(element.id, (marking, move))
            after.append(move.after)
            if move.after not in found.reached:
                found.reached[move.after] = (marking, move)
                queue.append(move.after)
    return found


def judge(drawing: Drawing, found: Search) -> Iterator[Finding]:
    """Give what a search has shown."""
    if not found.is_complete:
        words = "Схема слишком ветвиста, чтобы проверить все пути; сократите число параллельных ветвей."
        yield error("soundness_limit", drawing.process, words)
        return
    for marking in first_by_place(found.stuck()):
        places = ", ".join(sorted({label(owner(drawing, place)) for place in marking}))
        way = tell(drawing, found.way_to(marking))
        yield error(
            "soundness_deadlock", owner(drawing, min(marking)).id, f"Дело останавливается навсегда у {places}: {way}."
        )
    for marking in found.hopeless()[:1]:
        here = owner(drawing, min(marking))
        way = tell(drawing, found.way_to(marking))
        yield error(
            "soundness_livelock", here.id, f"От {label(here)} нельзя дойти до конца, дело ходит по кругу: {way}."
        )
    for place, (marking, move) in found.doubled.items():
        here = owner(drawing, place)
        way = tell(drawing, found.way_to(marking, move))
        words = f"В {label(here)} дело приходит дважды одновременно; сведите ветви шлюзом: {way}."
        yield error("soundness_doubled", here.id, words)
    for end, (marking, move) in found.hasty.items():
        way = tell(drawing, found.way_to(marking, move))
        words = f"Дело кончается в {label(drawing.elements[end])}, пока другая ветвь ещё идёт: {way}."
        yield error("soundness_completion", end, words)


def find_dead(drawing: Drawing, passed: set[str]) -> Iterator[Finding]:
    """Give the elements that no case can pass."""
    for element in drawing.elements.values():
        if element.id not in passed:
            yield error(
                "soundness_dead", element.id, f"До {label(element)} не доходит ни одно дело; соедините или удалите."
            )


def first_by_place(markings: list[Marking]) -> list[Marking]:
    """Give of several standstills the nearest for each place, so that one fault is told once."""
    found: dict[str, Marking] = {}
    for marking in markings:
        found.setdefault(min(marking), marking)
    return list(found.values())


def owner(drawing: Drawing, place: str) -> Element:
    """Give the element at which a token of a place stands."""
    return drawing.elements[drawing.flows[place].target if place in drawing.flows else place]


def tell(drawing: Drawing, way: list[str]) -> str:
    """Tell a way in the names of the drawing; unnamed gateways are passed over."""
    names = [
        label(drawing.elements[i]) for i in way if drawing.elements[i].name or "Gateway" not in drawing.elements[i].kind
    ]
    if len(names) > MAX_NAMES:
        names = [*names[:6], "…", *names[-7:]]
    return " → ".join(names) or "с самого начала"


def error(rule: str, element: str, message: str) -> Finding:
    """Make a finding; every fault of the token game is an error."""
    return Finding(rule, Severity.ERROR, element, message)


def unique(findings: list[Finding]) -> list[Finding]:
    """Give each finding once, in order."""
    seen: Mapping[Finding, None] = dict.fromkeys(findings)
    return list(seen)
