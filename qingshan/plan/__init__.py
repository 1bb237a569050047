"""What was promised: the document as a plan of tasks, measures and targets."""
