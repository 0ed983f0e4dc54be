"""What stops bootstrap. Each message is one sentence for the user that names the cure."""


class BootstrapError(Exception):
    """Something is missing that bootstrap cannot provide on this machine."""


class StepError(Exception):
    """A step failed."""


class Cancelled(StepError):
    """A step was stopped because the other lane failed or the user interrupted."""
