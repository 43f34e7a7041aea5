"""Readings of the regulation where it leaves a choice.

One versioned table, pinned by each case (part 2 of the requirements).

A value other than the default is offered only where a scenario runs it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Reading:
    """One setting: its key, the ambiguity it settles, the clause, the values offered (the first is the default)."""

    key: str
    question: str
    clause: str
    name: str
    values: tuple[Any, ...]

    @property
    def default(self) -> Any:
        """The value until the council decides otherwise."""
        return self.values[0]


READINGS: Final = (
    Reading("quorum.base", "A-01", "3.4", "От какого числа считается кворум", ("all", "members_only")),
    Reading("majority.base", "A-02", "3.6", "От какого числа считается большинство", ("participants",)),
    Reading("abstention.in_base", "A-03", "3.6", "Воздержавшиеся входят в базу большинства", (True,)),
    Reading("vote.mode", "A-04", "4.8", "Сколько предложений голосуется", ("one_motion",)),
    Reading("tie.casting", "A-05", "3.6", "Чей голос решает при равенстве", ("presiding",)),
    Reading("technical.actor", "A-07", "4.5", "Кто проводит техническую экспертизу", ("secretary",)),
    Reading("term.start", "A-08", "4.5", "С какого дня считается срок", ("next_day",)),
    Reading("content.start", "A-11", "4.6", "Начало содержательной экспертизы", ("appointed",)),
    Reading("expert.may_decline", "A-12", "2.7", "Эксперт вправе отказаться с указанием причины", (True,)),
    Reading("replacement.term", "A-13", "4.6", "Срок нового эксперта", ("full",)),
    Reading("experts.pool", "A-14", "4.6", "Из кого назначаются эксперты", ("composition",)),
    Reading("experts.leadership", "A-15", "4.6", "Руководство КЭС может быть экспертом", (False,)),
    Reading("conflict.expert", "A-16", "1.5", "Конфликт интересов эксперта", ("block",)),
    Reading("recusal.quorum", "A-17", "3.4", "Взявший самоотвод входит в кворум", (True,)),
    Reading("recusal.majority", "A-17", "3.6", "Взявший самоотвод входит в базу большинства", (False,)),
    Reading("aggregate", "A-18", "4.7", "Сводный вывод трёх экспертов", ("informational",)),
    Reading("threshold.num", "A-19", "Прил. 4", "Порог оценки, числитель", (75,)),
    Reading("threshold.den", "A-19", "Прил. 4", "Порог оценки, знаменатель", (100,)),
    Reading(
        "verdict.binding", "A-20", "Прил. 4", "Вывод против оценки: с обоснованием или запрещён", ("reason", "block")
    ),
    Reading("na.allowed", "A-22", "Прил. 3", "Строки, где возможно «не применимо»", (("T24",),)),
    Reading("practice.base", "A-25", "Прил. 2", "От каких часов считается доля практики", ("total",)),
    Reading(
        "copies.mode", "A-26", "4.3", "Подписанный электронный файл заменяет три экземпляра", ("three_or_electronic",)
    ),
    Reading("conclusions.returns", "A-28", "2.5", "Сколько раз возвращается заключение", (1,)),
    Reading("deputy.scope", "A-29", "2.4", "Полномочия замещающего председателя", ("all",)),
    Reading("quorum.check", "A-33", "3.4", "Когда проверяется кворум", ("each_vote",)),
    Reading("meeting.forms", "A-34", "3.3", "Формы заседания", (("in_person", "absentee"),)),
    Reading("half_year", "A-35", "3.3", "Какие полугодия считаются", ("calendar",)),
    Reading("refusal.after_order", "A-39", "4.16", "Отказ отправляется после приказа", (True,)),
    Reading("certificate.start", "A-40", "4.11", "Начало трёх лет", ("order_signed",)),
    Reading("publication.start", "A-41", "4.13", "Начало срока внесения в депозитарий", ("order_signed",)),
    Reading("retention.start", "A-43", "4.9", "Начало хранения", ("year_after_final_event",)),
    Reading("withdrawal.until", "A-49", "1.5", "До какого события заявку можно отозвать", ("voting_opened",)),
    Reading("completion.allowed", "A-50", "4.5", "Дополнение пакета во время технической экспертизы", (False,)),
    Reading("vote.expert", "A-56", "3.6", "Эксперт дела голосует", (True,)),
    Reading("vote.secretary", "A-56", "3.6", "Секретарь голосует", (True,)),
    Reading("calendar.variant", "A-58", "4.5", "Чьи рабочие дни", ("federal_and_regional_law",)),
    Reading("resubmission.remarks", "A-48", "4.17", "Замечания без ответа при повторной подаче", ("warn", "refuse")),
)

DEFAULTS: Final[Mapping[str, Any]] = {reading.key: reading.default for reading in READINGS}
_BY_KEY: Final = {reading.key: reading for reading in READINGS}


def check_changes(changes: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with new values: an unknown key, or a value that is not offered. Returns `{key: [message]}`."""
    found: dict[str, list[str]] = {}
    if not changes:
        found["values"] = ["Укажите хотя бы один параметр."]
    for key, value in changes.items():
        reading = _BY_KEY.get(key)
        if reading is None:
            found[key] = ["Такого параметра положения нет."]
        elif not any(value == offered and type(value) is type(offered) for offered in reading.values):
            offered_values = ", ".join(str(offered) for offered in reading.values)
            found[key] = [f"Значение не предусмотрено. Возможные значения: {offered_values}."]
    return found
