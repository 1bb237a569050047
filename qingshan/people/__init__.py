"""Who acts: bodies, users, roles and the audit trail."""
