"""Counting: which rows count, by kind, stage, flag and project: yes, no or not known."""
