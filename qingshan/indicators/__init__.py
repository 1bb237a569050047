"""What it adds up to: metric definitions and the formulas that compute them."""
