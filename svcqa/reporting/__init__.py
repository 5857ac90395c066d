"""Tables, charts and documents that leave the house. Decides nothing."""
