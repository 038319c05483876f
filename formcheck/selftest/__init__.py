"""The self-test: published cases, example records and the ceiling, tried on the machine of whoever asks."""
