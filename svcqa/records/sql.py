"""The statements of facts: the reads of a period, and what an import finds and writes."""
# ruff: noqa: S608 - the statements are put together from the texts of this file only

from svcqa.kernel.statements import Statement, insert

_THERE = "(SELECT id FROM unit WHERE substr(path, 1, length(:path)) = :path)"

INTERACTIONS = Statement(f"""
SELECT person_id, unit_id, channel, urgency, opened_at, responded_at, resolved_at, reopened, met_target,
       satisfaction, answered
FROM interaction WHERE resolved_at >= :from_at AND resolved_at < :until_at AND unit_id IN {_THERE}""")
EXAMS = Statement(f"""
SELECT person_id, points_hundredths, full_hundredths FROM exam
WHERE taken_on >= :from_on AND taken_on <= :until_on AND person_id IN (
    SELECT o.person_id FROM post o
    WHERE o.from_on <= :until_on AND (o.until_on IS NULL OR o.until_on >= :from_on) AND o.unit_id IN {_THERE})""")
OUTAGES = Statement(f"""
SELECT unit_id, started_at, ended_at FROM outage
WHERE started_at < :until_at AND (ended_at IS NULL OR ended_at > :from_at) AND unit_id IN {_THERE}""")
SURVEYS = Statement(f"""
SELECT a.person_id, a.unit_id, a.satisfaction, a.solved FROM survey_answer a
WHERE a.answered_at >= :from_at AND a.answered_at < :until_at AND a.unit_id IN {_THERE}
AND NOT EXISTS (SELECT 1 FROM survey_invitation v WHERE v.id = a.reference)
UNION ALL
SELECT a.person_id, a.unit_id, a.satisfaction, a.solved FROM interaction i
JOIN survey_invitation v ON v.interaction_id = i.id
JOIN survey_answer a ON a.source = 'survey' AND a.reference = v.id
WHERE i.resolved_at >= :from_at AND i.resolved_at < :until_at AND a.unit_id IN {_THERE}""")
RATINGS = Statement("""
SELECT ratee_id, rater_id, direction, item, value FROM rating WHERE campaign_id = :campaign""")

GIVE = Statement("""
INSERT INTO rating (id, campaign_id, rater_id, ratee_id, direction, item, value, example, given_at)
VALUES (:id, :campaign_id, :rater_id, :ratee_id, :direction, :item, :value, :example, :given_at)
ON CONFLICT (campaign_id, rater_id, ratee_id, direction, item)
DO UPDATE SET value = excluded.value, given_at = excluded.given_at WHERE rating.value <> excluded.value""")
ANSWER = Statement("""
INSERT INTO survey_answer (id, source, reference, person_id, unit_id, satisfaction, solved, comment, answered_at,
                           example, learnt_at, import_id)
SELECT :id, 'survey', v.id, v.person_id, v.unit_id, :satisfaction, :solved, :comment, :now, i.example, :now, ''
FROM survey_invitation v JOIN interaction i ON i.id = v.interaction_id WHERE v.id = :invitation
ON CONFLICT (source, reference) DO UPDATE
SET satisfaction = excluded.satisfaction, solved = excluded.solved, comment = excluded.comment,
    learnt_at = excluded.learnt_at""")
FORGET_CUSTOMER = Statement("""
UPDATE interaction SET sealed_name = NULL, sealed_email = NULL WHERE id = :id""")
FORGET_CUSTOMERS = Statement("""
UPDATE interaction SET sealed_name = NULL, sealed_email = NULL
WHERE (sealed_email IS NOT NULL OR sealed_name IS NOT NULL) AND learnt_at < :before""")

ADD_IMPORT = insert(
    "fact_import", "id kind file_name sha256 mapping policy new changed same rejected imported_at imported_by"
)


def stands(table: str, columns: tuple[str, ...], dialect: str) -> Statement:
    """Return the query for the rows of a source whose references stand in the JSON list `:references`."""
    listed = "value FROM json_each(:references)"
    if dialect != "sqlite":
        listed = "json_array_elements_text(CAST(:references AS json))"
    return Statement(
        f"SELECT {', '.join(columns)} FROM {table} WHERE source = :source AND reference IN (SELECT {listed})"
    )


def has_rows(table: str) -> Statement:
    """Return the query whether a source has any rows."""
    return Statement(f"SELECT 1 FROM {table} WHERE source = :source LIMIT 1")


def enter(table: str, columns: tuple[str, ...]) -> str:
    """Return SQLite's INSERT of a row for the driver's `executemany`, by position."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def copy(table: str, columns: tuple[str, ...]) -> str:
    """Return PostgreSQL's COPY of rows as Polars writes them: nothing is null, a text without a letter has quotes."""
    return f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)"


def correct(table: str, columns: tuple[str, ...], keys: tuple[str, ...], dialect: str) -> str:
    """Return the UPDATE of a row for the driver's `executemany`: first the columns, then the keys."""
    mark = _mark(dialect)
    changes, row = (
        joint.join(f"{name} = {mark}" for name in names)
        for joint, names in ((", ", columns), (" AND ", keys))
    )
    return f"UPDATE {table} SET {changes} WHERE {row}"


def _mark(dialect: str) -> str:
    return "?" if dialect == "sqlite" else "%s"
