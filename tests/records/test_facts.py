"""A kind of fact is whole: what an import reads has rules for its mapping, a table, and a place for every column."""

import pytest
from sqlalchemy import UniqueConstraint

from svcqa import schema
from svcqa.commands.fact_import import import_facts
from svcqa.records.facts import FACTS
from svcqa.records.mapping import KINDS

KEPT = {"id", "source", "reference", "example", "learnt_at", "import_id"}
every = pytest.mark.parametrize("kind", sorted(FACTS.keys() | KINDS.keys()))


@every
def test_a_kind_has_rules_for_its_mapping_and_a_table(kind):
    assert kind in FACTS
    assert kind in KINDS
    assert FACTS[kind].table in schema.METADATA.tables


@every
def test_the_table_has_every_column_and_says_where_a_row_comes_from(kind):
    table = schema.METADATA.tables[FACTS[kind].table]
    assert {*FACTS[kind].stored, *KEPT} == set(table.columns.keys())
    unique = [
        [one.name for one in each.columns] for each in table.constraints if isinstance(each, UniqueConstraint)
    ]
    assert ["source", "reference"] in unique
    for column in FACTS[kind].columns:
        assert column.required is not table.columns[column.name].nullable or column.filled is not None


@every
def test_a_mapping_can_say_every_column_and_must_say_what_is_required(kind):
    fact, fields = FACTS[kind], KINDS[kind].model_fields
    said = {column.said for column in fact.columns}
    about = {name for name in ("person", "unit") if name in fields}
    assert said <= set(fields)
    assert {name for name in said if fields[name].is_required()} == {
        column.said for column in fact.columns if column.required
    }
    assert about == {name for name, has in (("person", fact.has_person), ("unit", fact.has_unit)) if has}


@every
def test_the_command_names_the_kind(kind):
    assert kind in (import_facts.__doc__ or "")
