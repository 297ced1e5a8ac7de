"""Messages as rows, and the way out to a mail server."""
