"""Messages on pages: the hub's log, own copies, a message to a group, templates, and what a link in a message opens."""
