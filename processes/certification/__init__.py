"""The certification of a programme: application, two reviews, decision, certificate, expiry (section 4)."""

from engine.registry import Registry
from processes.certification import (
    acts,
    audit,
    conclusions,
    deliveries,
    events,
    examination,
    providers,
    service_tasks,
    stages,
)
from processes.certification.model import PROCESS
from processes.council import finding


def register(registry: Registry) -> None:
    """Tell the engine what the drawing's tasks, services and messages mean."""
    for act in (
        acts.register_application,
        acts.technical_review,
        acts.appoint_experts,
        conclusions.expert_review,
        acts.replace_expert,
        conclusions.approve_conclusions,
        acts.sign_certificate,
        acts.publish_to_depository,
        acts.confirm_removal,
        acts.send_refusal,
    ):
        registry.completion(PROCESS, act.__name__)(act)
        registry.provider(PROCESS, act.__name__)(getattr(providers, act.__name__))
    registry.decline(PROCESS, "expert_review")(conclusions.decline_review)
    for delivery in (
        deliveries.council_decision,
        deliveries.ministry_order,
        deliveries.certificate_revoked,
        deliveries.withdrawal,
    ):
        registry.delivery(PROCESS, delivery.__name__)(delivery)
    registry.stage(PROCESS)(stages.stage_of)
    registry.audit(PROCESS)(audit.find_differences)
    registry.observer(events.REGISTERED)(finding.index_number)
    _register_services(registry)


def _register_services(registry: Registry) -> None:
    registry.service("certification.register")(service_tasks.register)
    registry.service("certification.refuse_acceptance")(service_tasks.refuse_acceptance)
    registry.service("certification.notify_not_considered", "failed_count")(service_tasks.notify_not_considered)
    registry.service("certification.seat_experts", "logins")(examination.seat_experts)
    registry.service("certification.file_conclusion", "holder")(examination.file_conclusion)
    registry.service("certification.seat_replacement", "holder", "successor")(examination.seat_replacement)
    registry.service("certification.return_seats", "logins_back")(examination.return_seats)
    registry.service("certification.return_to_agenda", "ministry_act")(service_tasks.return_to_agenda)
    registry.service("certification.issue_certificate", "order_date", "last_day")(service_tasks.issue_certificate)
    registry.service("certification.publish", "cert")(service_tasks.publish)
    registry.service("certification.remind_holder", "last_day_in_force")(service_tasks.remind_holder)
    registry.service("certification.remove_from_depository", "revoked_by")(service_tasks.remove_from_depository)
    registry.service("certification.refusal_letter")(service_tasks.refusal_letter)
