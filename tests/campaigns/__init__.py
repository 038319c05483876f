"""Long campaigns of hostile inputs: run by hand, a few examples of each in the tests."""
