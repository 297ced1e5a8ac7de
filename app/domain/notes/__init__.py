"""The notebook: forms, the operations that fill them, agreement, and what a record feeds."""
