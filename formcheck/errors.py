"""What stops the work. A wrong record is a finding; these are raised."""


class FormcheckError(Exception):
    """The base of every error formcheck raises. Its text is a sentence for a pharmacist."""


class Unreadable(FormcheckError):
    """A file that cannot be opened, decoded or taken apart."""


class NotInstalled(FormcheckError):
    """A library that an extra of formcheck installs, and that is not there."""


class NotAQuantity(FormcheckError):
    """A text that is not a number, an optional space and a unit."""


class UnknownUnit(NotAQuantity):
    """A number with a unit outside the closed table."""


class WrongDimension(NotAQuantity):
    """A legal quantity of another kind than the one asked for."""


class NotADose(FormcheckError):
    """Zero, or an object that was not made by the constructor of a dose."""


class DoseAboveCeiling(FormcheckError):
    """More than the ceiling a day was asked for, or would be delivered.

    `taken` says how much, as words: no object that could be given to a person carries it.
    """

    def __init__(self, message: str, taken: str = "", limit: str = "") -> None:
        super().__init__(message)
        self.taken = taken
        self.limit = limit


class CannotConvert(FormcheckError):
    """A conversion that lacks something (a concentration, a calibration), or has too much."""


class TooSmallForDrops(FormcheckError):
    """Whole drops cannot give the dose: it needs less than half a drop, or one drop is too much.

    `found` and `limit` are words for the finding.
    """

    def __init__(self, message: str, found: str, limit: str) -> None:
        super().__init__(message)
        self.found = found
        self.limit = limit
