"""What the rules say: pure functions and dated tables."""
