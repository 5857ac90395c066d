"""What the database says in the middle of a command ends it with one sentence, whoever raised it."""

from contextlib import closing

import pytest

from svcqa.commands import refusals
from svcqa.kernel.database import begin, open_engine, sqlite_module
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.databases import on_postgresql, on_sqlite

NOTHING = Statement("SELECT 1")


def said(work):
    """Return the sentence for what work raises; fails where it would have been shown as a traceback."""
    with pytest.raises(refusals.SHOWN) as raised:
        work()
    sentence = refusals.sentence(raised.value)
    assert "\n" not in sentence
    assert sentence.endswith("。")
    return sentence


@on_postgresql
def test_a_connection_that_breaks_between_two_statements_is_said(empty_place):
    def broken():
        with empty_place.reading(SYSTEM) as mine, empty_place.reading(SYSTEM) as other:
            NOTHING.one(mine)
            other.driver.execute("SELECT pg_terminate_backend(%s)", (mine.driver.info.backend_pid,))
            NOTHING.one(mine)

    assert said(broken).startswith("数据库连不上，或连接断了（")


@on_postgresql
def test_a_server_that_is_not_there_is_said(empty_place):
    nowhere = empty_place.engine.url.set(port=1).render_as_string(hide_password=False)
    assert said(lambda: begin(open_engine(nowhere), writes=False)).startswith("数据库连不上，或连接断了（")


@on_sqlite
def test_a_table_that_is_not_there_is_said_in_the_drivers_words(empty_place):
    def unfit():
        with empty_place.reading(SYSTEM) as tx:
            Statement("SELECT 1 FROM absent").one(tx)

    assert "no such table: absent" in said(unfit)


@on_sqlite
def test_a_lock_that_is_not_given_up_asks_to_come_back(empty_place):
    path = str(empty_place.engine.url.database)

    def taken():
        with closing(sqlite_module().connect(path, timeout=0)) as late:
            late.execute("BEGIN IMMEDIATE")

    with closing(sqlite_module().connect(path)) as first:
        first.execute("BEGIN IMMEDIATE")
        assert said(taken).startswith("数据库正被别的程序占用")
