"""A hub's own rules: its code and hours, its years, its days without meetings, its programmes."""
