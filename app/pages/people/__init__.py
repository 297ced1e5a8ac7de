"""The people of a hub, as pages."""
