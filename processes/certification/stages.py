"""The stage of a case in applicants' words."""

from collections.abc import Mapping
from typing import Any, Final

#: In the order in which they are looked for: the first element that the case stands at names the stage.
_STAGES: Final = (
    ("register_application", "Подана, ждёт регистрации"),
    ("technical_review", "Техническая экспертиза"),
    ("appoint_experts", "Назначаются эксперты"),
    ("content_review", "Содержательная экспертиза"),
    ("expert_review", "Содержательная экспертиза"),
    ("replace_expert", "Содержательная экспертиза"),
    ("approve_conclusions", "Заключения экспертов рассматривает председатель"),
    ("await_council_decision", "Ждёт заседания экспертного совета"),
    ("await_ministry_order", "Решение принято, ждёт приказа министерства"),
    ("sign_certificate", "Оформляется сертификат"),
    ("publish_to_depository", "Сертификат выдан, программа вносится в депозитарий"),
    ("certificate_in_force", "Сертификат действует"),
    ("confirm_removal", "Программа изъята из депозитария"),
    ("send_refusal", "Решено отказать, готовится письмо с рекомендациями"),
)

_ENDS: Final = {
    "not_accepted": "Документы не приняты",
    "not_considered": "Документы не рассматриваются: не пройдена техническая экспертиза",
    "withdrawn": "Заявка отозвана",
    "refused": "В сертификации отказано, даны рекомендации",
    "expired": "Срок сертификата истёк",
    "revoked": "Сертификат отозван",
}


def stage_of(at: tuple[str, ...], end: str | None, _data: Mapping[str, Any]) -> str:
    """Where the case stands, as its applicant reads it."""
    if end is not None:
        return _ENDS.get(end, "Рассмотрение завершено")
    return next((words for element, words in _STAGES if element in at), "В работе")
