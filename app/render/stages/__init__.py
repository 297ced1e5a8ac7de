"""The ladder as pictures and files."""
