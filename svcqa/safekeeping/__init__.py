"""Copies of an installation: taking one while everybody works, and making an installation from one. Judges no case."""
