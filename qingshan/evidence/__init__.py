"""What else is known besides measurements."""
