"""The flow that proves the audit chain and signs how far it has come."""

from prefect import flow

from flows.naming import by_schedule
from flows.service import End, called, ended, runtime
from states import Refused
from svcqa.kernel import checkpoint, rounds
from svcqa.kernel.transaction import SYSTEM


@flow(
    name="审计检查点",
    flow_run_name=by_schedule("审计检查点"),
    description="核对整条审计链，完好则签下检查点；有改动则失败。",
    persist_result=False,
)
async def audit_checkpoint() -> End:
    """Prove the chain and sign it."""
    return await ended(called(take))


def take() -> str:
    """Prove and sign; raises Refused when the chain is not as it was written."""
    place = runtime().place
    settings = place.settings
    with place.reading(SYSTEM) as tx:
        verdict, _ = checkpoint.prove_and_take(
            tx, data_dir=settings.data_dir, folder=settings.checkpoint_folder
        )
    if verdict.fault:
        raise Refused(
            "tampered", f"审计链在第 {verdict.fault.seq} 项被改动。请运行 svcqa audit verify，并通知审计员。"
        )
    rounds.note(place, rounds.CHECKPOINT)
    return f"{verdict.size} 项，完好"
