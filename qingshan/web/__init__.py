"""Who may see it: pages for staff. No tables."""
