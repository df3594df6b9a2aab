import pytest

from tests.web.variants import app_with  # noqa: F401


@pytest.fixture
def world(make_user, make_post, make_comment):
    """A post and a comment by `author`, as the addresses of tests/security/site.py name them."""
    author = make_user("author")
    post = make_post("the post", author=author)
    comment = make_comment("the comment", author=author, post=post)
    return {
        "post_id": post.id,
        "comment_id": comment.id,
        "user_id": author.id,
        "username": "author",
    }
