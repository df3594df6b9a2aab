"""The few errors of our own."""


class ValidationError(ValueError):
    """What somebody sent cannot be accepted; the message is meant for them."""


class ConfigurationError(RuntimeError):
    """The settings do not allow a start; the message tells the operator what to change."""


class RateLimitExceeded(Exception):
    """Somebody tried too often; `retry_after` says for how many seconds to wait."""

    def __init__(self, retry_after: int):
        super().__init__(f"retry after {retry_after} seconds")
        self.retry_after = retry_after


class OperationFailed(RuntimeError):
    """What the operator asked for was not done; the message tells why, and what to do."""
