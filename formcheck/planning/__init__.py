"""What should have been done, with its working."""
