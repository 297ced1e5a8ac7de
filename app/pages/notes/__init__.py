"""Reading the notebook."""
