"""The API: everything a page shows, typed, for a body's own systems. It holds no rule of its own; what may be read and
written is decided where pages ask for it, too."""
