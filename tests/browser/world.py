"""Fills the database of the settings with people and texts: `python -m tests.browser.world`.

Prints the ids of what tests have to find again. Kinds of text that are hard on a layout are all
here: code, tables, long words, pictures, scripts from right to left, very long posts.
"""

import json
from datetime import timedelta

from app.extensions import db
from app.lib.clock import utcnow
from app.models import Comment, Post, Role, User
from flasky import app

PASSWORD = "four unrelated wooden words"
LONG_NAME = "A" + "very_long_name." * 4 + "abc"

RICH = """\
# A heading of the first rank

Some *emphasis*, some **weight**, some ~~doubt~~, `inline code` and
[a link](https://example.com/ "with a title"). A bare address: https://example.com/a/rather/long/path

> A quotation that goes on for a while, so that it has to be broken into several lines on a phone.
>
> > And one within.

1. First
2. Second
   - with a point
   - and another

## Code

```python
def answer(question: str) -> int:
    \"\"\"Think for seven and a half million years, then say it without any hesitation.\"\"\"
    return 42 if question else len("no question, no answer")  # a remark
```

    indented code without a language

### A table

| Language | Year | Typing | Known for | Where it is taught |
|:---------|-----:|:------:|-----------|--------------------|
| Python   | 1991 | strong | white space that means something | everywhere |
| C        | 1972 | weak   | everything else | nearly everywhere |

#### A picture

![The picture of ada](/avatar/ada.svg)

---

Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsversammlungsprotokoll
"""

RIGHT_TO_LEFT = "שלום עולם. זהו פוסט קצר בעברית, עם `code` באמצע."

LONG = "\n\n".join(
    f"Paragraph {number}. " + "It goes on, and on, and then it goes on for a little longer. " * 6
    for number in range(1, 21)
)


def person(username: str, role: str = "User", **values) -> User:
    user = User(
        username=username,
        email=f"{username}@example.com",
        confirmed=values.pop("confirmed", True),
        role=Role.named(role),
        **values,
    )
    db.session.add(user)
    return user


def people() -> dict[str, User]:
    everybody = [
        person(
            "ada",
            name="Augusta Ada King, Countess of Lovelace",
            location="London & Ockham",
            about_me="I write notes. Some of them are longer than what they are about.",
        ),
        person("bob"),
        person("dora"),
        person("cy"),  # has written nothing, follows nobody, is followed by nobody
        person("mod", "Moderator"),
        person("adm", "Administrator"),
        person("newcomer", confirmed=False),
        person("leaver_keyboard"),
        person("leaver_plain"),
        person(LONG_NAME, name="W" * 64, location="M" * 64),
    ]
    everybody[0].password = PASSWORD
    for user in everybody:
        user.password_hash = everybody[0].password_hash  # making one takes its time
    db.session.flush()
    return {user.username: user for user in everybody}


def fill() -> dict[str, int]:
    now = utcnow()
    everybody = people()
    ada, bob, longest = everybody["ada"], everybody["bob"], everybody[LONG_NAME]

    def post(body: str, author: User = ada, minutes: int = 0) -> Post:
        post = Post(body=body, author=author, timestamp=now - timedelta(minutes=minutes))
        db.session.add(post)
        db.session.flush()
        return post

    def comment(post: Post, body: str, author: User, minutes: int = 0, disabled=None) -> Comment:
        when = now - timedelta(minutes=minutes)
        comment = Comment(post=post, body=body, author=author, timestamp=when, disabled=disabled)
        db.session.add(comment)
        db.session.flush()
        return comment

    for number in range(24):
        post(f"Thought {number}: a *short* one.", bob, minutes=3000 + number)
    quiet = post("Nobody has answered this.", bob, minutes=600)
    talk = post("What do you think?", ada, minutes=500)
    for number in range(24):
        comment(talk, f"Answer {number}, with `code` and **weight**.", bob, 400 - number)
    post(RIGHT_TO_LEFT, bob, minutes=60)
    post(LONG, ada, minutes=50)
    post("I have a name that is hard to fit.", longest, minutes=45)
    rich = post(RICH, ada, minutes=40)
    comment(rich, "Donaudampfschifffahrt" * 8, longest, minutes=30)
    plain = comment(rich, "See https://example.com/ for more; `len(x)` too.", bob, minutes=29)
    disabled = comment(rich, "Something rude", bob, minutes=28, disabled=True)

    for follower in ("bob", "mod", "adm", LONG_NAME):
        everybody[follower].follow(ada)
    ada.follow(bob)
    db.session.commit()
    return {
        "ada": ada.id,
        "rich": rich.id,
        "quiet": quiet.id,
        "talk": talk.id,
        "comment": plain.id,
        "disabled": disabled.id,
    }


if __name__ == "__main__":
    with app.app_context():
        print(json.dumps(fill()))
