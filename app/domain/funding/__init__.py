"""The ledger: what happened, under a rate card, to what is paid (docs/rules/money.md)."""
