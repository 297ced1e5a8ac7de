"""The year's plan in the database: the facts it is made from, proposals, and what accepting them writes."""
