"""The bench: the arithmetic behind the rules, asked for by itself, with its working."""
