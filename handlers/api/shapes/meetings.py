"""Shapes of the meeting room's answers."""

from marshmallow import fields

from handlers.api.shapes.base import Shape, a_day, a_moment, a_number, a_text, maybe_day, maybe_text
from handlers.api.shapes.papers import DocumentShape


class QuorumShape(Shape):
    """How many are there, of how many it is asked, how many are needed; `arrived` before the meeting is opened."""

    here = a_number()
    total = a_number()
    needed = a_number()
    arrived = a_number()


class SeatShape(Shape):
    """A member. `state`: `present`, `left`, `away`, `ballot` (sent one), null while nobody knows."""

    login = a_text()
    name = a_text()
    role = a_text()
    state = maybe_text()
    mode = maybe_text()
    answer = maybe_text()
    absent = fields.Boolean(required=True)


class TallyShape(Shape):
    """Votes as counted so far, and `needed` of them for a majority of the base."""

    votes_for = fields.Integer(data_key="for", required=True, strict=True)
    against = a_number()
    abstain = a_number()
    base = a_number()
    needed = a_number()


class ItemShape(Shape):
    """An item of the agenda with its open vote; `mine` is the caller's own."""

    item = a_number()
    kind = a_text()
    title = a_text()
    case = maybe_text()
    state = a_text()
    outcome = maybe_text()
    votes = fields.Dict(required=True)
    recused = fields.Dict(required=True)
    waiting = fields.List(fields.String(), required=True)
    tally = fields.Nested(TallyShape, required=True)
    called_at = a_moment(allow_none=True)
    stopped_at = a_moment(allow_none=True)
    mine = maybe_text()
    may_vote = fields.Boolean(required=True)
    may_recuse = fields.Boolean(required=True)
    recommendations = fields.List(fields.String(), required=True)


class HallShape(Shape):
    """A meeting now. Ballots of an absentee one are taken while `takes_ballots`, until `closes_at`."""

    case = a_text()
    number = a_text()
    form = a_text()
    date = a_day()
    attempt = a_number()
    phase = a_text()
    closes_at = a_moment(allow_none=True)
    takes_ballots = fields.Boolean(required=True)
    presiding = maybe_text()
    quorum = fields.Nested(QuorumShape, required=True)
    members = fields.List(fields.Nested(SeatShape), required=True)
    items = fields.List(fields.Nested(ItemShape), required=True)
    may_reorder = fields.Boolean(required=True)
    why_order_stands = maybe_text()


class MaterialShape(DocumentShape):
    """A material; `opened_by` are members by login, with when each first did."""

    opened_by = fields.Dict(required=True)
    read_by = fields.Dict(required=True)


class GivenTaskShape(Shape):
    """What the meeting asks somebody to do, and what came of it."""

    task = a_number()
    text = a_text()
    responsible = a_text()
    due = a_day()
    done_on = maybe_day()
    done_by = maybe_text()
    note = maybe_text()


class WordsShape(Shape):
    """The secretary's words on an item."""

    item = a_number()
    heard = a_text()
    spoke = a_text()
    decided = a_text()
    tasks = fields.List(fields.Nested(GivenTaskShape), required=True)


class ProtocolVersionShape(Shape):
    """A version of the protocol: its document, its hash, who drew it up and when."""

    version = a_number()
    document = a_text()
    sha256 = a_text()
    by = a_text()
    at = a_moment()


class ProtocolShape(Shape):
    """The protocol: `version` is 0 and `number` null before it is drawn up; signed, its words stand for good."""

    number = maybe_text()
    version = a_number()
    signatures = fields.Dict(required=True)
    may_word = fields.Boolean(required=True)
    items = fields.List(fields.Nested(WordsShape), required=True)
    versions = fields.List(fields.Nested(ProtocolVersionShape), required=True)


class DecisionShape(Shape):
    """What was decided on an item, and what has become of it."""

    item = a_number()
    title = a_text()
    case = maybe_text()
    outcome = maybe_text()
    decision = a_text()
    recommendations = fields.List(fields.String(), required=True)
    extract = maybe_text()
    tasks = fields.List(fields.Nested(GivenTaskShape), required=True)
    stage = maybe_text()


class VoteShape(Shape):
    """A vote as it was cast."""

    meeting = a_text()
    item = a_number()
    member = a_text()
    vote = a_text()
    at = a_moment()


class OrderShape(Shape):
    """The numbers of the items in their new order."""

    order = fields.List(fields.Integer(strict=True), required=True)


class AnsweredShape(Shape):
    """What was answered to the invitation."""

    answer = a_text()


class OpenedShape(Shape):
    """The material that was opened."""

    document = a_text()


class ActedShape(Shape):
    """The item that was acted on."""

    item = a_number()


class RecusedShape(ActedShape):
    """Whether one is recused from the item now."""

    recused = fields.Boolean(required=True)
