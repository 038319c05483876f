"""Documents to be filed: findings, papers and reports as pages of their own."""
