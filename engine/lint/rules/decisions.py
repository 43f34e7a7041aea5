"""Business rule tasks and decision tables: each asks for a table that exists and reads."""

from dataclasses import replace

from engine.lint.parts import Parts, Problems, label, rule


@rule("decision_known")
def find_missing_decisions(parts: Parts) -> Problems:
    """Every business rule task names a decision table of the bundle, and so does the list of tables asked by checks."""
    for element in parts.drawing.elements.values():
        if element.kind != "businessRuleTask":
            continue
        if not element.decision:
            yield element.id, f"{label(element)} не указывает таблицу решений; задайте calledDecisionId."
        elif element.decision not in parts.decisions:
            yield element.id, f"Таблицы решений «{element.decision}» нет; добавьте файл {element.decision}.dmn."
    for name in asked_decisions(parts):
        if name not in parts.decisions:
            yield (
                parts.drawing.process,
                f"Таблицы решений «{name}», названной в свойстве askedDecisions, нет; добавьте её.",
            )


@rule("decision_table")
def find_table_faults(parts: Parts) -> Problems:
    """Every decision table keeps the rules of tables: cells that read, a last rule for all the rest, no overlap."""
    for name, table in parts.decisions.items():
        for fault in table.findings():
            yield replace(fault, element=name, message=f"Таблица «{name}»: {fault.message}")


def asked_decisions(parts: Parts) -> tuple[str, ...]:
    """Give the tables that the procedure's checks ask, beside the drawing: the process property `askedDecisions`."""
    return tuple(name.strip() for name in parts.properties.get("askedDecisions", "").split(",") if name.strip())
