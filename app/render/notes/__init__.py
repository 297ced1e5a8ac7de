"""Documents, workbooks and photos of the notebook."""
