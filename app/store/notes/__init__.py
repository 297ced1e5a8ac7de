"""The notebook's rows."""
