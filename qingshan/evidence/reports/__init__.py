"""What bodies report, round by round: draft, submitted, sent back, accepted; accepted values become figures."""
