"""An emergency or its drill: opened at a place, resources called out, its course kept, its findings assigned."""
