from tests.web.speed import quick_passwords  # noqa: F401
from tests.web.variants import app_with  # noqa: F401
