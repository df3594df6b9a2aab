"""The life of a site: somebody joins, writes, is read, answered, moderated, promoted, forgetful.

Told three times: as usual, by keyboard alone, and without JavaScript. The first time, pictures
of every stop are kept in tmp/screenshots, in light and dark, as a phone and as a desk show them.
"""

import pytest
from playwright.sync_api import expect

TEXT = """\
# {title}

It *works* the **first** time: see https://example.com/ for `proof`.

- one
- two

```python
print("hello")
```
"""
PASSWORD = "quite some wooden words"
NEW_PASSWORD = "another handful of wooden words"


def register(visitor, name):
    """Register, open the link from the mail, log in: the account is confirmed."""
    visitor.go("/")
    visitor.see("Hello, Stranger!")
    visitor.press("Create an account", "link")
    email = f"{name}@example.com"
    visitor.fill(email=email, username=name, password=PASSWORD, password2=PASSWORD)
    visitor.press("Register")
    visitor.see("A confirmation email has been sent to you by email.")
    visitor.go(visitor.site.link_for(email, "Confirm Your Account"))
    visitor.see("Please log in to access this page.")
    visitor.log_in(email, PASSWORD)
    visitor.see("You have confirmed your account. Thanks!")
    visitor.see(f"Hello, {name}!")


def preview(visitor, title, *, script):
    """Type a text, look at its preview, and return the HTML of that."""
    preview = visitor.page.locator(".flask-pagedown-preview")
    expect(preview).to_be_empty()
    visitor.fill(body=TEXT.format(title=title))
    if not script:
        visitor.press("Preview")
    expect(preview.get_by_role("heading", name=title)).to_be_visible()
    expect(visitor.page.locator(".post").get_by_text(title)).to_have_count(0)
    return preview.inner_html()


def publish_as_previewed(visitor, title, html):
    """Send what was typed; it must come out as the preview had it. Return its own address."""
    visitor.press("Submit")
    post = visitor.page.locator(".post").filter(has_text=title)
    expect(post).to_have_count(1)
    assert post.locator(".post-body").inner_html().strip() == html.strip()
    visitor.press("Permalink", "link", within=post)
    return visitor.page.url


def follow(visitor, name, title):
    visitor.press(name, "link", within=visitor.page.locator(".post").filter(has_text=title))
    visitor.toggle(visitor.find("Follow"))
    visitor.see(f"You are now following {name}.")
    expect(visitor.find("Unfollow")).to_be_visible()
    expect(visitor.find("Followers: 1", "link")).to_be_visible()


def comment_on(visitor, post_url, comment):
    visitor.go(post_url)
    visitor.fill(body=comment)
    visitor.press("Submit")
    visitor.see("Your comment has been published.")
    visitor.see(comment)


def disable(visitor, comment):
    visitor.go("/")
    visitor.press("Moderate Comments", "link")
    rude = visitor.page.locator(".comment").filter(has_text=comment)
    visitor.toggle(visitor.find("Disable", within=rude))
    expect(visitor.find("Enable", within=rude)).to_be_visible()
    expect(rude).to_contain_text("This comment has been disabled by a moderator.")


def ask_for_new_password(visitor):
    visitor.toggle(visitor.page.locator("summary").filter(has_text="Account"))
    visitor.press("Log Out")
    visitor.see("You have been logged out.")
    visitor.press("Log In", "link")
    visitor.press("Click here to reset it", "link")


def choose_new_password(visitor, email):
    visitor.fill(email=email)
    visitor.press("Reset Password")
    visitor.see("An email with instructions to reset your password has been sent to you.")
    visitor.go(visitor.site.link_for(email, "Reset Your Password"))
    visitor.fill(password=NEW_PASSWORD, password2=NEW_PASSWORD)
    visitor.press("Reset Password")
    visitor.see("Your password has been updated.")


@pytest.mark.parametrize("way", ["usual", "keyboard", "plain"])
def test_a_site_lives_from_the_first_registration_to_a_forgotten_password(visit, way):
    options = {"script": way != "plain", "keyboard": way == "keyboard"}
    author, reader = visit(**options), visit(**options)
    moderator, administrator = visit("mod", **options), visit("adm", **options)
    author_name, reader_name = f"author_{way}", f"reader_{way}"
    author_email = f"{author_name}@example.com"
    title, comment = f"On beginnings, {way}", f"A rude remark, {way}"

    def picture(visitor, name, of=None):
        if way == "usual":
            visitor.take_picture(name, of and visitor.page.locator(of))

    register(author, author_name)
    picture(author, "01-confirmed")
    html = preview(author, title, script=options["script"])
    picture(author, "02-preview", of=".preview")
    post_url = publish_as_previewed(author, title, html)
    picture(author, "03-published")

    register(reader, reader_name)
    follow(reader, author_name, title)
    picture(reader, "04-followed")
    comment_on(reader, post_url, comment)
    picture(reader, "05-commented", of=".comment")
    reader.go("/")
    reader.press("Followed")
    expect(reader.page.locator(".post").filter(has_text=title)).to_be_visible()

    disable(moderator, comment)
    picture(moderator, "06-moderated")
    author.go(post_url)
    author.see("This comment has been disabled by a moderator.")
    expect(author.page.get_by_text(comment)).to_have_count(0)
    picture(author, "07-disabled", of=".comment")

    administrator.go(f"/user/{author_name}")
    picture(administrator, "08-as-administrators-see-it")
    administrator.press("Edit Profile [Admin]", "link")
    administrator.choose("Role", "Moderator")
    picture(administrator, "09-role")
    administrator.press("Submit")
    administrator.see("The profile has been updated.")
    author.go("/")
    author.press("Moderate Comments", "link")

    ask_for_new_password(author)
    picture(author, "10-forgotten")
    choose_new_password(author, author_email)
    picture(author, "11-new-password")
    author.log_in(author_email, NEW_PASSWORD)
    author.see(f"Hello, {author_name}!")
