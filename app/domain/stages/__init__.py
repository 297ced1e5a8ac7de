"""The ladder: each school's way through the stages, and what shows it."""
