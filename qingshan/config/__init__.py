"""How the parts are put together on one machine."""
