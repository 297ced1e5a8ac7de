"""What is done in the ledger."""
