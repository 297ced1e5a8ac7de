"""The rows that the API tells, each kind in a fixed number of statements, in an order that holds still."""
