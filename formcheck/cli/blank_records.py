"""The blank records that init writes, one for each dosage form."""

__all__ = ["BLANK_RECORDS"]

_HEAD = """\
# A blank compounding record for {what}. Fill in what you know; leave the rest blank: what is missing is reported
# as not determined, never as passed. Quantities are a number and a unit ({unit}), dates YYYY-MM-DD.
# Judge it with:  formcheck check {name}
"""

_CAPSULES = """\
kind: compounding-record
id:
formulation: {id: naltrexone-capsules, version: 1}
strength:
strength_basis: naltrexone-hydrochloride-anhydrous
made:
quantity:
beyond_use_date:
storage: room
components:
  - name: naltrexone hydrochloride
    lot:
    vendor:
    expires:
    certificate: {assay: , basis: , water: , solvents: }
    required:
    weighed:
    packing:
    balance:
  - {name: microcrystalline cellulose, lot: , vendor: , expires: , required: , weighed: , packing: , balance: }
  - {name: hard gelatin capsule, size: "3", lot: , vendor: , expires: , mean_mass: , counted: }
balances:
  - {id: , readability: , repeatability: , verified: , daily_check: }
counts: {filled: , rejected: , retained: }
residual:
unit_masses: {kind: gross, unit: mg, values: []}
last_tests: {assay: , content uniformity: }
description:
label:
people:
  compounded_by: {name: , at: }
  verified_by: {name: , at: }
deviations:
"""

_ORAL_LIQUID = """\
kind: compounding-record
id:
formulation: {id: naltrexone-oral-liquid-1, version: 1}
strength:
strength_basis: naltrexone-hydrochloride-anhydrous
made:
quantity:
beyond_use_date:
storage:
container:
components:
  - name: naltrexone hydrochloride
    lot:
    vendor:
    expires:
    certificate: {assay: , basis: , water: , solvents: }
    required:
    weighed:
    balance:
  - {name: ascorbic acid, lot: , vendor: , expires: , required: , weighed: , balance: }
  - {name: sodium benzoate, lot: , vendor: , expires: , required: , weighed: , balance: }
  - {name: glycerol, lot: , vendor: , expires: , measured: }
  - {name: purified water, system: , final_volume: }
balances:
  - {id: , readability: , repeatability: , verified: , daily_check: }
equipment: []
ph:
density:
calculations:
last_tests: {assay: }
description:
device: {name: , capacity: }
dose: {volume: , ordered: }
per_day:
prescription: {opioid_screen: , dispensed: }
label:
people:
  compounded_by: {name: , at: }
  weighings_checked_by: {name: , at: }
  verified_by: {name: , at: }
deviations:
"""

_SUBLINGUAL_DROPS = """\
kind: compounding-record
id:
formulation: {id: naltrexone-sublingual-drops-5, version: 1}
strength:
strength_basis: naltrexone-hydrochloride-anhydrous
made:
quantity:
beyond_use_date:
storage:
container:
components:
  - name: naltrexone hydrochloride
    lot:
    vendor:
    expires:
    certificate: {assay: , basis: , water: , solvents: }
    required:
    weighed:
    balance:
  - {name: ascorbic acid, lot: , vendor: , expires: , required: , weighed: , balance: }
  - {name: sodium benzoate, lot: , vendor: , expires: , required: , weighed: , balance: }
  - {name: glycerol, lot: , vendor: , expires: , measured: }
  - {name: purified water, system: , final_volume: }
balances:
  - {id: , readability: , repeatability: , verified: , daily_check: }
equipment: []
ph:
density:
drop_calibration: {preparation: , tip: , tip_lot: , angle: , date: , runs: [], density: }
calculations:
last_tests: {assay: }
description:
dose: {drops: , ordered: }
per_day:
prescription: {opioid_screen: , dispensed: }
label:
people:
  compounded_by: {name: , at: }
  weighings_checked_by: {name: , at: }
  verified_by: {name: , at: }
deviations:
"""

_FORMS = {
    "blank-record.yaml": ("capsules", "4.5 mg", _CAPSULES),
    "blank-record-oral-liquid.yaml": ("an oral liquid", "1 mg/mL", _ORAL_LIQUID),
    "blank-record-sublingual-drops.yaml": ("sublingual drops", "5 mg/mL", _SUBLINGUAL_DROPS),
}
BLANK_RECORDS = {name: _HEAD.format(what=what, unit=unit, name=name) + text for name, (what, unit, text) in _FORMS.items()}
"""The texts by the names of their files."""
