"""Files that nothing uses: an analyst would change them in vain."""

from pathlib import PurePosixPath

from engine.lint.findings import Severity
from engine.lint.parts import Parts, Problems, rule
from engine.lint.rules.decisions import asked_decisions
from engine.lint.rules.forms import form_key


@rule("orphan_form")
def find_orphan_forms(parts: Parts) -> Problems:
    """Every form belongs to a user task."""
    used = {form_key(element) for element in parts.drawing.elements.values() if element.is_user_task}
    for name in sorted(set(parts.forms) - used):
        yield name, f"Форма forms/{name}.json не относится ни к одной задаче; удалите её или укажите в formKey."


@rule("orphan_decision")
def find_orphan_decisions(parts: Parts) -> Problems:
    """Every decision table is asked by a business rule task or by the procedure's checks."""
    used = {element.decision for element in parts.drawing.elements.values()} | set(asked_decisions(parts))
    for name in sorted(set(parts.decisions) - used):
        yield name, f"Таблицу «{name}» никто не спрашивает; удалите её или назовите в свойстве процесса askedDecisions."


@rule("unknown_file", Severity.WARNING)
def find_unknown_files(parts: Parts) -> Problems:
    """Expect that a bundle holds the drawing, decision tables, forms, scenarios, and notes; nothing else."""
    for name in sorted(parts.files):
        path = PurePosixPath(name)
        folder = path.parent.as_posix()
        known = (folder, path.suffix) in {(".", ".bpmn"), (".", ".dmn"), (".", ".md"), ("forms", ".json")}
        if not known and not (path.suffix in {".yaml", ".yml"} and folder.startswith("scenarios")):
            yield name, f"Файл {name} сервису не нужен; уберите его из набора."
