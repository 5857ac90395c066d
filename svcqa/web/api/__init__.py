"""The door for programs: JSON in, JSON or problem+json out. Every act is one call of the same services."""
