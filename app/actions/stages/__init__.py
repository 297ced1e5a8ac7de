"""What is done on the ladder."""
