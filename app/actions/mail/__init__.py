"""Messages: sent, gathered, written by people, taken back; and what their readers want of them."""
