"""The values one rater gives a colleague in a campaign. Who may rate whom, and until when, is said above."""

from collections.abc import Mapping

from svcqa.kernel.errors import Invalid
from svcqa.kernel.ids import new_id
from svcqa.kernel.transaction import Transaction
from svcqa.records import sql

LOWEST, HIGHEST = 1, 5


def give(
    tx: Transaction,
    campaign_id: str,
    *,
    rater_id: str,
    ratee_id: str,
    direction: str,
    values: Mapping[str, int],
    example: bool = False,
) -> None:
    """Enter the value of each item, 1 to 5; giving again replaces it. Raises Invalid, records no event.

    The event is the caller's, about the sheet: which value somebody gave stays out of the chain.
    """
    for item, value in values.items():
        if not LOWEST <= value <= HIGHEST:
            raise Invalid(item, f"评分 {value} 不在 {LOWEST} 到 {HIGHEST} 之间。请重新选择。")
        sql.GIVE.run(
            tx,
            id=new_id(),
            campaign_id=campaign_id,
            rater_id=rater_id,
            ratee_id=ratee_id,
            direction=direction,
            item=item,
            value=value,
            example=example,
            given_at=tx.now,
        )
