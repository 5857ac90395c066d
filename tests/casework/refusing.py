"""Trying what must be refused: nothing changes, and the sentence is one that can be shown."""

import pytest

from states import Refused
from svcqa.casework.forms import Form
from svcqa.kernel.transaction import Actor
from tests.casework.life import Life


def act_refused(
    life: Life, who: str | Actor, number: str, form: Form, error: type[Exception] = Refused
) -> str:
    """Try a move that must be refused and return its sentence; rows, mails and events stay as they were."""
    before = life.case(number), life.mark(), life.events(number)
    with pytest.raises(error) as refused:
        life.act(who, number, form)
    assert (life.case(number), life.mark(), life.events(number)) == before
    sentence = str(refused.value)
    assert sentence.endswith("。"), sentence
    return sentence
