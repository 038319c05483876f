"""The doors: click's runner."""
