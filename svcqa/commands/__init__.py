"""The commands of the terminal, one small module per group: parse, open one transaction, call, print."""
