"""Score sheets: how each body did in a period, published to the bodies for objection, then signed."""
