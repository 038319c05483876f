"""Worked cases from published sources, and bad inputs, copied into the project."""
