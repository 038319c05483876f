"""formcheck: a quality and formulation checker for compounding pharmacies."""

__version__ = "0.1.0"
