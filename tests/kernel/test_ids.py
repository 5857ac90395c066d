"""Identifiers rise within a process, one by one and many at once, and are version 7."""

import uuid

from svcqa.kernel.ids import new_id, new_ids


def test_many_at_once_rise_with_those_before_and_after():
    before, many, after = new_id(), new_ids(10_000), new_id()
    assert [before, *many, after] == sorted({before, *many, after})


def test_each_is_a_uuid_of_version_7():
    for text in (new_id(), *new_ids(3)):
        assert (uuid.UUID(text).version, uuid.UUID(text).variant, len(text)) == (7, uuid.RFC_4122, 32)


def test_none_at_once_is_none():
    assert new_ids(0) == []
