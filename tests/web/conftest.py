from tests.web.variants import app_with  # noqa: F401
