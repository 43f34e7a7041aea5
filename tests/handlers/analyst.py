"""What an analyst does to a copy of a procedure's folder: changes a term, adds a task with its form and scenario."""

import json
import shutil
from pathlib import Path

CERTIFICATION = Path(__file__).parents[2] / "bpmn" / "certification"

#: A task between the letter of refusal and the end, in the secretary's lane; boxes shifted to the right.
_TASK = """    <bpmn:userTask id="return_documents" name="Вернуть документы">
      <bpmn:documentation>Пункт 4.3: бумажные экземпляры возвращаются заявителю.</bpmn:documentation>
      <bpmn:extensionElements>
        <spiffworkflow:properties>
          <spiffworkflow:property name="candidateGroups" value="secretary" />
        </spiffworkflow:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>refuse_acceptance_to_return_documents</bpmn:incoming>
      <bpmn:outgoing>return_documents_to_not_accepted</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="not_accepted" """
_FLOWS = """<bpmn:sequenceFlow id="refuse_acceptance_to_return_documents" sourceRef="refuse_acceptance"\
 targetRef="return_documents" />
    <bpmn:sequenceFlow id="return_documents_to_not_accepted" sourceRef="return_documents" targetRef="not_accepted" />"""
_SHAPE = """<bpmndi:BPMNShape id="return_documents_shape" bpmnElement="return_documents">
        <dc:Bounds x="526" y="598" width="136" height="74" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="not_accepted_shape" """
_EDGES = """<bpmndi:BPMNEdge id="refuse_acceptance_to_return_documents_edge"\
 bpmnElement="refuse_acceptance_to_return_documents">
        <di:waypoint x="594" y="572" />
        <di:waypoint x="594" y="598" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="return_documents_to_not_accepted_edge" bpmnElement="return_documents_to_not_accepted">
        <di:waypoint x="662" y="635" />
        <di:waypoint x="718" y="635" />
        <di:waypoint x="718" y="553" />
      </bpmndi:BPMNEdge>"""
_OLD_FLOW = (
    '<bpmn:sequenceFlow id="refuse_acceptance_to_not_accepted" sourceRef="refuse_acceptance"'
    ' targetRef="not_accepted" />'
)
_OLD_EDGE = """<bpmndi:BPMNEdge id="refuse_acceptance_to_not_accepted_edge"\
 bpmnElement="refuse_acceptance_to_not_accepted">
        <di:waypoint x="662" y="535" />
        <di:waypoint x="700" y="535" />
      </bpmndi:BPMNEdge>"""
_WITHDRAWAL = """<bpmn:boundaryEvent id="return_documents_withdrawal" name="Отзыв" attachedToRef="return_documents">
      <bpmn:documentation>A-49: заявитель отозвал заявку, возврат документов прекращается.</bpmn:documentation>
      <bpmn:outgoing>return_documents_withdrawal_to_withdrawal_accepted</bpmn:outgoing>
      <bpmn:messageEventDefinition id="return_documents_withdrawal_message" messageRef="withdrawal" />
    </bpmn:boundaryEvent>
    <bpmn:boundaryEvent id="technical_review_withdrawal" """
_WITHDRAWAL_FLOW = """<bpmn:sequenceFlow id="return_documents_withdrawal_to_withdrawal_accepted"\
 sourceRef="return_documents_withdrawal" targetRef="withdrawal_accepted" />
    <bpmn:sequenceFlow id="withdrawal_accepted_to_withdrawn" """
_WITHDRAWAL_SHAPE = """<bpmndi:BPMNShape id="return_documents_withdrawal_shape"\
 bpmnElement="return_documents_withdrawal">
        <dc:Bounds x="508" y="640" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="technical_review_withdrawal_shape" """
_WITHDRAWAL_EDGE = """<bpmndi:BPMNEdge id="return_documents_withdrawal_to_withdrawal_accepted_edge"\
 bpmnElement="return_documents_withdrawal_to_withdrawal_accepted">
        <di:waypoint x="508" y="658" />
        <di:waypoint x="490" y="658" />
        <di:waypoint x="490" y="140" />
        <di:waypoint x="2540" y="140" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="withdrawal_accepted_to_withdrawn_edge" """
_WITHDRAWN = """название: Заявка отозвана, пока документы не возвращены
шаги:
  - подана заявка
  - заявка не принята: нет подписи
  - ожидается: {стоит: return_documents}
  - заявка отозвана: документы заберёт курьер
  - ожидается: {исход: withdrawn}
"""
_FORM = {
    "id": "return_documents",
    "type": "default",
    "schemaVersion": 16,
    "components": [
        {
            "id": "return_documents_returned_on",
            "type": "datetime",
            "subtype": "date",
            "key": "returned_on",
            "dateLabel": "Когда возвращены",
            "validate": {"required": True},
            "properties": {"variable": "true"},
        }
    ],
}


def copy_of(folder: Path) -> Path:
    """Copy the certification's files as they are."""
    return Path(shutil.copytree(CERTIFICATION, folder))


def replace(path: Path, old: str, new: str) -> None:
    """Replace the one place where a text stands in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8")


def lengthen_appointment(folder: Path) -> None:
    """Give the chair three working days instead of two to appoint the experts."""
    drawing = folder / "procedure.bpmn"
    head, mark, tail = drawing.read_text(encoding="utf-8").partition('id="appoint_experts_due_timer"')
    assert mark
    drawing.write_text(head + mark + tail.replace("working_days(2)", "working_days(3)", 1), encoding="utf-8")


def add_return_of_documents(folder: Path) -> None:
    """Add the task `return_documents` before the end `not_accepted`: drawing, form, scenario."""
    drawing = folder / "procedure.bpmn"
    lane = "<bpmn:flowNodeRef>refuse_acceptance</bpmn:flowNodeRef>"
    replace(drawing, lane, f"{lane}\n        <bpmn:flowNodeRef>return_documents</bpmn:flowNodeRef>")
    replace(drawing, '    <bpmn:endEvent id="not_accepted" ', _TASK)
    replace(drawing, _OLD_FLOW, _FLOWS)
    replace(drawing, '<bpmndi:BPMNShape id="not_accepted_shape" ', _SHAPE)
    replace(drawing, _OLD_EDGE, _EDGES)
    for way, flow in (
        ("outgoing", "refuse_acceptance_to_return_documents"),
        ("incoming", "return_documents_to_not_accepted"),
    ):
        old = f"<bpmn:{way}>refuse_acceptance_to_not_accepted</bpmn:{way}>"
        replace(drawing, old, f"<bpmn:{way}>{flow}</bpmn:{way}>")
    (folder / "forms" / "return_documents.json").write_text(json.dumps(_FORM, ensure_ascii=False), encoding="utf-8")
    replace(
        folder / "scenarios" / "not_accepted.yaml",
        "  - ожидается: {исход: not_accepted,",
        "  - выполнено: return_documents\n    кто: secretary\n    данные: {returned_on: 2026-01-12}\n"
        "  - ожидается: {исход: not_accepted,",
    )


def allow_withdrawal(folder: Path) -> None:
    """Let the applicant withdraw while the documents are being returned: the event, its flow, a scenario."""
    drawing = folder / "procedure.bpmn"
    lane = "<bpmn:flowNodeRef>technical_review_withdrawal</bpmn:flowNodeRef>"
    replace(drawing, lane, f"{lane}\n        <bpmn:flowNodeRef>return_documents_withdrawal</bpmn:flowNodeRef>")
    replace(drawing, '<bpmn:boundaryEvent id="technical_review_withdrawal" ', _WITHDRAWAL)
    replace(drawing, '<bpmn:sequenceFlow id="withdrawal_accepted_to_withdrawn" ', _WITHDRAWAL_FLOW)
    replace(drawing, '<bpmndi:BPMNShape id="technical_review_withdrawal_shape" ', _WITHDRAWAL_SHAPE)
    replace(drawing, '<bpmndi:BPMNEdge id="withdrawal_accepted_to_withdrawn_edge" ', _WITHDRAWAL_EDGE)
    incoming = "<bpmn:incoming>technical_review_withdrawal_to_withdrawal_accepted</bpmn:incoming>"
    mine = incoming.replace("technical_review", "return_documents")
    replace(drawing, incoming, f"{incoming}\n      {mine}")
    (folder / "scenarios" / "withdrawn_while_returning.yaml").write_text(_WITHDRAWN, encoding="utf-8")
