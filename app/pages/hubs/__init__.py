"""A hub's settings, years, programmes and Specialist cohorts, as pages."""
