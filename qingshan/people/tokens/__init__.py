"""How a body's own systems come in: access tokens for the API."""
