"""The craft of mail: what can be said, how it looks, how it is written, how it travels.

This room knows none of our tables and no state machine, and never reads the clock: values and times come in.
"""
