"""A file becomes a paper, or findings that say why not."""
