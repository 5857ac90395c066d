"""The reads behind every request: cards, roles, units below, sessions, tokens. `:day` is an ISO date."""
# ruff: noqa: S608 - the statements are put together from the texts of this file only

from svcqa.kernel.statements import Statement

_CARD = """
SELECT p.id, p.staff_number, p.name, p.email, u.id AS unit_id, u.name AS unit_name,
       p.email IS NOT NULL AND p.mailbox_designated_at IS NOT NULL AS designated,
       p.left_on IS NOT NULL AND p.left_on < :day AS gone
FROM person p
LEFT JOIN post home ON home.id = (
    SELECT o.id FROM post o
    WHERE o.person_id = p.id AND o.from_on <= :day AND (o.until_on IS NULL OR o.until_on >= :day)
    ORDER BY CASE o.post WHEN 'member' THEN 0 ELSE 1 END, o.from_on, o.id LIMIT 1)
LEFT JOIN unit u ON u.id = home.unit_id
"""
_EMPLOYED = "(p.left_on IS NULL OR p.left_on >= :day)"

CARD = Statement(f"{_CARD} WHERE p.id = :id")
CARD_BY_NUMBER = Statement(f"{_CARD} WHERE p.staff_number = :number")
CARDS_FOUND = Statement(rf"""{_CARD}
WHERE p.staff_number LIKE :number ESCAPE '\' OR p.name LIKE :part ESCAPE '\'
   OR p.pinyin LIKE :start ESCAPE '\' OR p.initials LIKE :start ESCAPE '\'
ORDER BY CASE WHEN p.staff_number = :exact OR p.name = :exact THEN 0 ELSE 1 END,
         p.left_on IS NOT NULL, p.staff_number
LIMIT :most""")
CARDS_OF_HEADS = Statement(f"""{_CARD}
JOIN post h ON h.person_id = p.id AND h.unit_id = :unit AND h.post IN ('head', 'party_secretary')
           AND h.from_on <= :day AND (h.until_on IS NULL OR h.until_on >= :day)
WHERE {_EMPLOYED} ORDER BY h.post, h.from_on, p.staff_number""")
CARDS_WITH_ROLE = Statement(f"""{_CARD}
WHERE {_EMPLOYED} AND p.id IN (
    SELECT g.person_id FROM role_grant g WHERE g.role = :role
    AND g.from_on <= :day AND (g.until_on IS NULL OR g.until_on >= :day))
ORDER BY p.staff_number""")

HOLDERS = Statement(f"""
SELECT DISTINCT g.person_id FROM role_grant g JOIN person p ON p.id = g.person_id AND {_EMPLOYED}
WHERE g.role = :role AND g.from_on <= :day AND (g.until_on IS NULL OR g.until_on >= :day)""")

STAFF_NUMBER = Statement("SELECT staff_number FROM person WHERE id = :id")
STAFF_NUMBERS = Statement("SELECT staff_number, id FROM person")
POSTS = Statement("""
SELECT person_id, unit_id, from_on, until_on FROM post
ORDER BY person_id, CASE post WHEN 'member' THEN 0 ELSE 1 END, from_on, id""")
UNITS = Statement("SELECT id, code, name, kind, parent_id, path FROM unit ORDER BY path")
UNIT = Statement("SELECT id, code, name, kind, parent_id, path FROM unit WHERE id = :id")
UNIT_CODED = Statement("SELECT id, code, name, kind, parent_id, path FROM unit WHERE code = :code")

WHO = Statement(f"SELECT p.name, p.contract, {_EMPLOYED} AS employed FROM person p WHERE p.id = :id")
ROLES_HELD = Statement("""
SELECT DISTINCT role FROM role_grant
WHERE person_id = :id AND from_on <= :day AND (until_on IS NULL OR until_on >= :day)""")
UNITS_HEADED = Statement("""
WITH RECURSIVE headed(id) AS (
    SELECT o.unit_id FROM post o
    WHERE o.person_id = :id AND o.post IN ('head', 'party_secretary')
      AND o.from_on <= :day AND (o.until_on IS NULL OR o.until_on >= :day)
    UNION
    SELECT u.id FROM headed JOIN unit u ON u.parent_id = headed.id)
SELECT id FROM headed""")
# CROSS JOIN: few units stand above a person, so SQLite shall begin there and not with all posts.
SUPERIORS = Statement("""
WITH RECURSIVE chain(id, parent_id) AS (
    SELECT u.id, u.parent_id FROM post o JOIN unit u ON u.id = o.unit_id
    WHERE o.person_id = :id AND o.from_on <= :day AND (o.until_on IS NULL OR o.until_on >= :day)
    UNION
    SELECT u.id, u.parent_id FROM chain JOIN unit u ON u.id = chain.parent_id)
SELECT DISTINCT h.person_id FROM chain CROSS JOIN post h
WHERE h.unit_id = chain.id AND h.post IN ('head', 'party_secretary') AND h.person_id <> :id
  AND h.from_on <= :day AND (h.until_on IS NULL OR h.until_on >= :day)""")

CREDENTIALS = Statement("""
SELECT p.id, COALESCE(a.password_hash, '') AS password_hash
FROM person p LEFT JOIN account a ON a.person_id = p.id
WHERE p.staff_number = :number OR p.email = :email LIMIT 1""")
SESSION = Statement(f"""
SELECT s.id, s.person_id, s.seen_at, a.must_change FROM sign_in_session s
JOIN account a ON a.person_id = s.person_id AND a.disabled_at IS NULL
JOIN person p ON p.id = s.person_id AND {_EMPLOYED}
WHERE s.id = :id AND s.expires_at > :now AND s.seen_at > :idle_since""")
SESSION_SEEN = Statement("UPDATE sign_in_session SET seen_at = :now WHERE id = :id")
END_SESSION = Statement("DELETE FROM sign_in_session WHERE id = :id")
END_SESSIONS = Statement("DELETE FROM sign_in_session WHERE person_id = :person_id")
END_EVERY_SESSION = Statement("DELETE FROM sign_in_session")
FORGET_EXPIRED = Statement("DELETE FROM sign_in_session WHERE person_id = :person_id AND expires_at <= :now")
VOID_CODES = Statement(
    "UPDATE one_time_code SET used_at = :now WHERE person_id = :person_id AND used_at IS NULL"
)
VOID_EVERY_CODE = Statement("UPDATE one_time_code SET used_at = :now WHERE used_at IS NULL")
TOKEN_OWNER = Statement(f"""
SELECT t.person_id FROM api_token t JOIN person p ON p.id = t.person_id AND {_EMPLOYED}
LEFT JOIN account a ON a.person_id = t.person_id
WHERE t.secret_sha256 = :sha256 AND t.revoked_at IS NULL AND a.disabled_at IS NULL""")

ADDRESS = Statement("""
SELECT email, name, email IS NOT NULL AND mailbox_designated_at IS NOT NULL AS designated
FROM person WHERE id = :id""")
ADDRESS_TAKEN = Statement("SELECT 1 FROM person WHERE email = :email AND id <> :id")
WITHDRAW_PROPOSALS = Statement(
    "DELETE FROM address_change WHERE person_id = :person_id AND confirmed_at IS NULL"
)
PROPOSALS = Statement("""
SELECT c.id, c.person_id, p.name, p.email AS old_email, c.new_email, c.proposed_by, c.proposed_at
FROM address_change c JOIN person p ON p.id = c.person_id WHERE c.confirmed_at IS NULL ORDER BY c.id""")
# The designation that counts is the one of the mailbox the letter went to, on the day it went.
ACCEPTED = Statement("""
SELECT l.sent_at FROM outbox l
WHERE l.id = :letter AND l.sent_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM bounce b WHERE b.letter_id = l.id)
  AND (EXISTS (SELECT 1 FROM person p WHERE p.id = l.person_id AND p.email = l.recipient
               AND p.mailbox_designated_at <= l.sent_at)
    OR EXISTS (SELECT 1 FROM address_change c WHERE c.person_id = l.person_id AND c.old_email = l.recipient
               AND c.old_designated_at <= l.sent_at AND c.confirmed_at >= l.sent_at))""")
