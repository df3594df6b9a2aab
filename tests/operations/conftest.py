import pytest

from tests.operations.site import Site


@pytest.fixture
def site(tmp_path):
    """boot.sh in a directory whose name nobody should use."""
    folder = tmp_path / "my \"site\" 'of' $HOME"
    folder.mkdir()
    return Site(folder)
