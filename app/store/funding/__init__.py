"""The ledger's rows."""
