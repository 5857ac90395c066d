"""The prepared reads of casework's hot paths, readable as SQL. Writes are made by `change`."""

from svcqa.kernel.statements import Statement

COMPLAINT = Statement("SELECT * FROM complaint WHERE number = :number")
COMPLAINT_LOCKED = Statement("SELECT * FROM complaint WHERE number = :number FOR UPDATE")
BY_SOURCE = Statement("SELECT number FROM complaint WHERE source = :source AND external_id = :external_id")
RESPONDENTS = Statement("SELECT * FROM respondent WHERE complaint_id = :id ORDER BY id")
CHARGES = Statement("SELECT * FROM charge WHERE complaint_id = :id AND dropped_at IS NULL ORDER BY id")
PENALTIES = Statement("SELECT * FROM penalty WHERE complaint_id = :id ORDER BY id")
PARTICIPANTS = Statement("SELECT person_id, instance FROM participation WHERE complaint_id = :id")
DEADLINES = Statement("SELECT * FROM deadline WHERE complaint_id = :id ORDER BY id")
EVIDENCE_COUNT = Statement("SELECT count(*) FROM evidence WHERE complaint_id = :id")
MERGED_UNANSWERED = Statement(
    "SELECT * FROM complaint WHERE merged_into = :id AND answer_owed AND answered_at IS NULL ORDER BY id"
)
TAKE_PART = Statement(
    "INSERT INTO participation (complaint_id, person_id, instance) VALUES (:complaint_id, :person_id, :instance)"
    " ON CONFLICT DO NOTHING"
)
COUNT_STATE = Statement(
    "INSERT INTO complaint_state_count (state, count) VALUES (:state, :by)"
    " ON CONFLICT (state) DO UPDATE SET count = complaint_state_count.count + :by"
)
EARLIER_PENALTIES = Statement(
    "SELECT p.served_at, c.clause_id FROM penalty p JOIN charge c ON c.id = p.charge_id"
    " WHERE p.person_id = :person_id AND p.complaint_id <> :id AND p.state IN ('final', 'upheld', 'reduced', 'served')"
    " AND p.served_at <= :until"
)
DUE_DEADLINES = Statement(
    "SELECT d.*, c.number FROM deadline d JOIN complaint c ON c.id = d.complaint_id"
    " WHERE d.ended_at IS NULL AND d.next_at <= :now ORDER BY d.next_at, d.id LIMIT :most"
)
DUE_DEADLINES_LOCKED = Statement(DUE_DEADLINES.sqlite + " FOR UPDATE OF d SKIP LOCKED")
MISSING_DEADLINES = Statement(
    "SELECT d.*, c.number FROM deadline d JOIN complaint c ON c.id = d.complaint_id"
    " WHERE d.ended_at IS NULL AND d.missing_year BETWEEN :first AND :last ORDER BY d.id LIMIT :most"
)
LAPSED_WINDOWS = Statement(
    "SELECT DISTINCT c.number FROM penalty p JOIN complaint c ON c.id = p.complaint_id"
    " WHERE p.state = 'served' AND p.window_ends_at < :now LIMIT :most"
)
UNSERVED = Statement(
    "SELECT p.id, p.letter_id, c.number FROM penalty p JOIN complaint c ON c.id = p.complaint_id"
    " JOIN outbox o ON o.id = p.letter_id"
    " WHERE p.state = 'decided' AND o.sent_at <= :sent_by ORDER BY o.sent_at LIMIT :most"
)
UNANNOUNCED = Statement(
    "SELECT DISTINCT c.number FROM penalty p JOIN complaint c ON c.id = p.complaint_id"
    " WHERE p.state = 'decided' AND p.letter_id IS NULL"
)
TAKEN_OVER = Statement(
    "SELECT c.number, c.version, c.origin, c.subject, c.channel, u.code AS unit, c.occurred_at, c.received_at,"
    " c.due_at, c.closed_at FROM complaint c LEFT JOIN unit u ON u.id = c.unit_id"
    " WHERE c.source = :source AND c.external_id = :external_id"
)
