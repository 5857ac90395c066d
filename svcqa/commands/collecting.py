"""How often Python looks for garbage that holds on to itself, in every process of the house."""

import gc

YOUNG, YOUNGER_ROUNDS, MIDDLE_ROUNDS = 50_000, 20, 50


def collect_rarely() -> None:
    """Let Python look after tens of thousands of new objects instead of seven hundred.

    Importing makes some hundred thousand objects that stay; looking through them again and again takes a fifth of
    the time that a command needs to begin.
    """
    gc.set_threshold(YOUNG, YOUNGER_ROUNDS, MIDDLE_ROUNDS)
