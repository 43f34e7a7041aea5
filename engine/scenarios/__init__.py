"""A procedure told as steps: YAML in Russian, played on a virtual clock against a real database.

A scenario is a file in a bundle's `scenarios` folder:

    название: Отказ от заявки до голосования
    пункты: 1.5
    начало: 2026-01-12 09:00          # Europe/Moscow; may be left out
    шаги:
      - подана заявка
      - отозвана заявка: передумали
      - ожидается: {исход: withdrawn, письма: [application_withdrawn]}

A step is a verb, alone or with its value, and further keys beside it: `- выполнено: technical_review`, `кто:
secretary`, `данные: {…}`. `дело: имя` says of which case it speaks, where there are several. The general verbs are
in `steps`; a procedure's own come from the composition root as a `Cast`. `когда` of the verb `отказано` holds a
step that must be refused.
"""

from engine.scenarios.checking import House, Report, check_bundle, check_files
from engine.scenarios.coverage import Coverage, read_coverage
from engine.scenarios.reading import Scenario, Step, UnreadableScenarioError, read_scenario
from engine.scenarios.running import Cast, Told, play
from engine.scenarios.world import MismatchError, Verb, World

__all__ = [
    "Cast",
    "Coverage",
    "House",
    "MismatchError",
    "Report",
    "Scenario",
    "Step",
    "Told",
    "UnreadableScenarioError",
    "Verb",
    "World",
    "check_bundle",
    "check_files",
    "play",
    "read_coverage",
    "read_scenario",
]
