"""Improvement measures: agreed, done, and judged by their effect. Knows metric names, no cycle."""
