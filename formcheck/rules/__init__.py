"""The law: what is looked for in a batch or a conversion, with its source."""
