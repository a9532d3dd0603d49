"""Comparing: two assessments side by side: what changed, and why."""
