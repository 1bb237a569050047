"""What is stuck: matters, their escalation, the people's inbox, the two chairs' meeting and what it decided."""
