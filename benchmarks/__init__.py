"""Performance as ratios: each job runs ours and a limit or peer in turn, in one go. Nothing here is a test."""
