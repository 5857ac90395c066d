"""Whatever says how far a cycle is names no person, no score, no grade and no address."""

import json
from dataclasses import asdict

import pytest

from svcqa.assessment import progress, steps, stretches
from svcqa.assessment.steps import TABLE
from tests.assessment.stretch import STRETCHES


@pytest.mark.parametrize("name", STRETCHES)
def test_nothing_personal_is_told_about_progress(tmp_path, starts, name):
    with starts[name].reopened(tmp_path / "place") as month:
        said = [month.advance()]
        stretches.advance(month.place, month.cycle_id, owner="x", progress=lambda *now: said.append(str(now)))
        said += [
            json.dumps(asdict(line), ensure_ascii=False)
            for line in month.read(lambda tx: progress.stage_lines(tx, month.cycle_id))
        ]
        told = "\n".join(said)
        for row in month.bodies():
            line = json.loads(row[2])
            assert row[0] not in told
            if line["composite_hundredths"] is not None:
                assert f"{line['composite_hundredths'] / 100:.2f}" not in told
        for who in ("wangjianguo", "lixiaotong", "fengjianjun", "liumin"):
            card = month.cast[who]
            assert not [word for word in (card.name, card.email, card.staff_number) if str(word) in told]


def test_every_step_has_a_name_and_a_label_of_its_own():
    every = [step for found in TABLE.values() for step in found]
    assert len({step.name for step in every}) == len(every) == len({step.label for step in every})
    assert steps.of("no stage") == ()
