"""Working days, and the terms counted in them (clauses 4.5-4.13; A-08, A-58).

Year tables with their decree are data (`years/*.toml`); everything here is a pure function of them.  A working day
begins to count on the day after the event, a term ends at 23:59:59 Europe/Moscow of its last day, and its timer fires
at the midnight after.
"""

from engine.calendar.counting import Calendar, CalendarError
from engine.calendar.deadlines import Deadline, Move, end_of_day, fires_after, recount
from engine.calendar.tables import Decree, Variant, YearTable, read_year, shipped_calendar, shipped_years
from engine.calendar.timers import (
    TIMER_FUNCTIONS,
    TimerValue,
    add_years,
    compile_timer,
    evaluate_timer,
    moscow_date,
    timer_functions,
)

__all__ = [
    "TIMER_FUNCTIONS",
    "Calendar",
    "CalendarError",
    "Deadline",
    "Decree",
    "Move",
    "TimerValue",
    "Variant",
    "YearTable",
    "add_years",
    "compile_timer",
    "end_of_day",
    "evaluate_timer",
    "fires_after",
    "moscow_date",
    "read_year",
    "recount",
    "shipped_calendar",
    "shipped_years",
    "timer_functions",
]
