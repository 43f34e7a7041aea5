"""User tasks and forms: what a person fills in is in the bundle and reads."""

from dataclasses import replace

from engine.drawing import Element
from engine.lint.parts import Parts, Problems, label, rule


def form_key(element: Element) -> str:
    """Give the name of a task's form file, without folder and ending: the property `formKey`, else the element's id."""
    return element.properties.get("formKey") or element.id


@rule("user_task_form")
def find_missing_forms(parts: Parts) -> Problems:
    """Every user task has a form file in the bundle."""
    for element in parts.drawing.elements.values():
        if element.is_user_task and form_key(element) not in parts.forms:
            yield element.id, f"У задачи {label(element)} нет формы; добавьте файл forms/{form_key(element)}.json."


@rule("form_readable")
def find_form_faults(parts: Parts) -> Problems:
    """Every form uses only fields that the service shows and checks."""
    for name, form in parts.forms.items():
        for fault in form.findings():
            yield replace(fault, element=name, message=f"Форма «{name}»: {fault.message}")
