"""The ladder's rows."""
