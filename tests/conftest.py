"""Profiles for the property tests: `ci` by default, `thorough` on request (HYPOTHESIS_PROFILE=thorough), `mutants` for
tests/campaigns/mutants.py, which wants to know that a property fails, not the smallest example of it.
"""

import os

from hypothesis import HealthCheck, Phase, settings

_RELAXED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True, "database": None}

settings.register_profile("ci", max_examples=300, derandomize=True, **_RELAXED)
settings.register_profile("thorough", max_examples=20_000, **_RELAXED)
settings.register_profile("mutants", max_examples=25, derandomize=True, phases=[Phase.explicit, Phase.generate], **_RELAXED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
