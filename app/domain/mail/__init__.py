"""Messages to people: what kinds there are, when they may leave, and what somebody wants of them."""
