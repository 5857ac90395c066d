"""A branch with invented people, to look at the product and to test it. No real person is meant."""
