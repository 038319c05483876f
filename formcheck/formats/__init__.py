"""Findings into text, JSON and the formats of other tools: pure functions of a report."""
