"""Is the promise kept: status, forecast, signed runs."""
