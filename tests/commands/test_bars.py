"""A bar moves on a terminal and is silent elsewhere, so that what a script reads is only what the command says."""

from rich.console import Console

from svcqa.commands import bars


def test_a_bar_tells_how_far_the_work_is_on_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr(
        bars, "Console", lambda *, stderr: Console(stderr=stderr, force_terminal=True, width=80)
    )
    with bars.shown("events") as move:
        move(1_000, 4_000)
    shown = capsys.readouterr()
    assert (shown.out, "events" in shown.err, "1000/4000" in shown.err) == ("", True, True)


def test_without_a_terminal_and_for_nothing_to_do_it_is_silent(monkeypatch, capsys):
    with bars.shown("events") as move:
        move(1_000, 4_000)
    monkeypatch.setattr(bars, "Console", lambda *, stderr: Console(stderr=stderr, force_terminal=True))
    with bars.shown("events", quiet=True) as move:
        move(1, 1)
    assert capsys.readouterr().err == ""
