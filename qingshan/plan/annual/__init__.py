"""The year's task list: made from the plan in force, issued, amended by numbered amendments."""
