from tests.web.speed import quick_passwords  # noqa: F401
