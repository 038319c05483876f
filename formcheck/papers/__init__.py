"""Papers: what is written down. Shape only; whether it is right is for the rules."""
