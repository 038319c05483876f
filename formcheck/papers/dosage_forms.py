"""The dosage forms formcheck knows. Rules ask the form what it is like, never for its name."""

import attrs

__all__ = ["DOSAGE_FORMS", "DosageForm"]


@attrs.frozen(kw_only=True)
class DosageForm:
    """What rules need to know of a dosage form."""

    name: str
    plural: str
    units_are_counted: bool
    strength_kind: str
    label_words: tuple[str, ...] = ()
    """One of these words on a label names the form."""
    dosed_in_drops: bool = False


DOSAGE_FORMS = {
    form.name: form
    for form in (
        DosageForm(
            name="capsule",
            plural="capsules",
            units_are_counted=True,
            strength_kind="mass",
            label_words=("capsule", "capsules", "cap", "caps"),
        ),
        DosageForm(
            name="oral-liquid",
            plural="oral liquid",
            units_are_counted=False,
            strength_kind="concentration",
            label_words=("liquid", "solution", "suspension", "syrup", "elixir"),
        ),
        DosageForm(
            name="sublingual-drops",
            plural="sublingual drops",
            units_are_counted=False,
            strength_kind="concentration",
            label_words=("drops", "sublingual solution"),
            dosed_in_drops=True,
        ),
    )
}
