"""Writing in the notebook."""
