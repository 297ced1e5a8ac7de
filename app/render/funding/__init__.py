"""The ledger as files."""
