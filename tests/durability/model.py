"""The toy procedure as a plain model of some lines, which the real house is compared with after every act."""

from dataclasses import dataclass, field
from datetime import datetime

#: Instants at which a timer fires, by element.
Timers = dict[str, datetime]


@dataclass
class Modelled:
    """One case: where it stands, who holds its task, what was told of it, what its timers wait for."""

    at: list[str] = field(default_factory=lambda: ["check"])
    state: str = "active"
    end: str | None = None
    holder: str | None = None
    told: dict[str, int] = field(default_factory=dict)
    timers: Timers = field(default_factory=dict)

    def tell(self, kind: str) -> None:
        """One fact more of a kind."""
        self.told[kind] = self.told.get(kind, 0) + 1

    def standing(self) -> str | None:
        """The word that an act gets from a case that does not move."""
        return None if self.state == "active" else self.state

    def claim(self, who: str) -> str:
        """Take the open task."""
        if self.at != ["check"]:
            return "no task"
        if self.standing() is not None:
            return self.refuse(str(self.standing()))
        if self.holder not in {None, who}:
            return self.refuse("held")
        if self.holder is None:
            self.holder = who
            self.tell("task.claimed")
        return "ok"

    def unclaim(self, who: str) -> str:
        """Give the open task back."""
        if self.at != ["check"]:
            return "no task"
        if self.standing() is not None:
            return self.refuse(str(self.standing()))
        if self.holder not in {None, who}:
            return self.refuse("held")
        self.holder = None
        self.tell("task.unclaimed")
        return "ok"

    def complete(self, who: str, result: str) -> str:
        """Complete the open task: another round, or on to the wait."""
        if self.at != ["check"]:
            return "no task"
        if self.standing() is not None:
            return self.refuse(str(self.standing()))
        if self.holder not in {None, who}:
            return self.refuse("held")
        self.holder, self.timers = None, {}
        self.at = ["check"] if result == "again" else ["await_answer"]
        self.tell("task.completed")
        return "ok"

    def receive(self, message: str) -> str:
        """A withdrawal while it is checked, an answer while it waits."""
        if self.standing() is not None:
            return self.refuse(str(self.standing()))
        wanted = {"check": "withdrawal", "await_answer": "answer"}[self.at[0]]
        if message != wanted:
            return self.refuse("not_waiting")
        self.tell("message.received")
        self.finish("withdrawn" if message == "withdrawal" else "granted")
        return "ok"

    def finish(self, end: str) -> None:
        """Come to an end."""
        self.at, self.state, self.end, self.holder, self.timers = [], "ended", end, None, {}
        self.tell("case.ended")

    def suspend(self) -> str:
        """Stop."""
        if self.state != "active":
            return self.refuse("wrong_state")
        self.state = "suspended"
        self.tell("case.suspended")
        return "ok"

    def resume(self, now: datetime) -> str:
        """Go on; what fell due meanwhile fires now."""
        if self.state != "suspended":
            return self.refuse("wrong_state")
        self.state = "active"
        self.tell("case.resumed")
        self.pass_time(now)
        return "ok"

    def pass_time(self, now: datetime) -> None:
        """Fire what is due."""
        if self.state != "active":
            return
        for element, due in sorted(self.timers.items(), key=lambda item: item[1]):
            if due > now:
                continue
            del self.timers[element]
            self.tell("timer.fired")
            if element == "silence":
                self.finish("lapsed")
                return
            self.tell("task.reminded" if element == "check_soon" else "task.escalated")

    def refuse(self, word: str) -> str:
        """A refusal is told, too."""
        self.tell("act.refused")
        return word
