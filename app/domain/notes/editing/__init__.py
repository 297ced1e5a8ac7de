"""How a hub changes a form: a draft is written, tried, compared with the published one, and published."""
