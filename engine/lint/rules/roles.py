"""Roles: who may do a task, said once on the task and shown by its lane."""

from engine.drawing import BPMN, NAMESPACES
from engine.lint.parts import GROUPS, Parts, Problems, label, rule


@rule("user_task_role")
def find_missing_roles(parts: Parts) -> Problems:
    """Every user task is offered to groups, and only to groups that exist."""
    groups = parts.registry.groups if parts.registry and parts.registry.groups else GROUPS
    for element in parts.drawing.elements.values():
        if not element.is_user_task:
            continue
        if not element.candidates:
            yield element.id, f"У задачи {label(element)} нет роли; укажите candidateGroups."
        for group in element.candidates:
            if group not in groups:
                yield element.id, f"Роли «{group}» задачи {label(element)} нет; есть: {', '.join(sorted(groups))}."


@rule("lane_role")
def find_wrong_lanes(parts: Parts) -> Problems:
    """At top level a user task stands in the lane whose id is one of its roles (contract: its lane says the same)."""
    lanes = lanes_of(parts)
    if not lanes:
        return
    for element in parts.drawing.elements.values():
        if not element.is_user_task or element.scope != parts.drawing.process or not element.candidates:
            continue
        lane = lanes.get(element.id)
        if lane is None:
            yield element.id, f"Задача {label(element)} не стоит ни на одной дорожке; перенесите её на дорожку роли."
        elif lane not in element.candidates:
            roles = ", ".join(element.candidates)
            yield (
                element.id,
                f"Задача {label(element)} стоит на дорожке «{lane}», а её роль — {roles}; приведите к одному.",
            )


def lanes_of(parts: Parts) -> dict[str, str]:
    """Give the lane's id of each element that stands on one."""
    return {
        (ref.text or "").strip(): lane.get("id") or ""
        for lane in parts.root.iter(f"{{{BPMN}}}lane")
        for ref in lane.findall("bpmn:flowNodeRef", NAMESPACES)
    }
