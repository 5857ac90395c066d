"""Pure formulas with published answers. Knows no noun of the house."""
