"""One period at a time: cycles, their frozen inputs, scores, grades, ranks and who was told."""
