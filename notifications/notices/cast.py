"""The people, the case and the times that samples speak of. All invented; addresses use a reserved domain."""

from datetime import UTC, date, datetime

NUMBER = "TS-202611-0042"
MATTER = "承诺两小时内回电，至次日仍未联系客户"
REGULATION = "《客户服务质量考核方法（试行）》"
ARTICLE = "第七条第二款第 3 项"
UNIT = "热线一组"

EMPLOYEE = "王建国"
OFFICER = "方晓梅"
UNIT_HEAD = "韩磊"
REVIEWER = "许文静"
CUSTOMER = "林女士"
CONTACT = "客服部 刘敏（分机 8021）"

SITE = "https://svcqa.corp.example"
CASE_LINK = f"{SITE}/complaints/{NUMBER}"
APPEAL_LINK = f"{SITE}/a/eyJjIjoxNjUsImUiOjEwMzQyfQ.mNfQw1.3kT9sPZ"
FOLLOW_LINK = f"{SITE}/f/eyJmIjo0Mn0.mNfQw1.8sQe1Lk"

INCIDENT_ON = date(2026, 11, 20)
DECIDED_ON = date(2026, 11, 23)
RECEIVED_AT = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)
STEP_DUE_AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
EXPEDITE_AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
WINDOW_ENDS_AT = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
REVIEW_DUE_AT = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
# Fifteen calendar days end at 24:00, which is the midnight that opens the next day.
REPLY_DUE_AT = datetime(2026, 12, 8, 16, 0, tzinfo=UTC)
