"""Which names there may be."""

import re

LONGEST = 64
PATTERN = r"^[A-Za-z][A-Za-z0-9_.]*\Z"  # anchored at the very end: `$` would allow a newline

# Names that would pass for the site, its staff or its machinery, or that standards give a meaning
# (RFC 2142 mailboxes, well-known paths). Compared without regard to case, dots and underscores.
_RESERVED = frozenset(
    """
    abuse about access account accounts activate activity ad add address adm admin administration
    administrator administrators admins ads advertising affiliate all anon anonymous api app apps
    archive assets atom auth authentication autoconfig autodiscover avatar avatars
    backup banner bans billing blog blogs board bot bots broadcasthost business cache calendar
    captcha careers cdn cgi changelog chat client code comment comments community compose config
    contact contact.us cookie copyright create css customer dashboard data db default delete demo
    deploy dev developer developers dns doc docs documentation domain download downloads edit
    editor email emails error errors event events explore export faq favicon feed
    feedback feeds file files flasky flaskyadmin flaskybot flaskyteam follow followed follower
    followers following forgot forum forums founder ftp group groups health help home
    host hosting hostmaster html http https image images imap import inbox index info information
    invite isatap issue issues jobs js json kernel legal list lists localdomain localhost log login
    logout logs mail mailerdaemon mailing master me media message messages metrics mod moderate
    moderation moderator moderators mods mx my mysql network news newsletter nobody
    noc none noreply notification notifications ns null oauth official operator ops owner owners
    page pages password passwords payment payments ping police policy pop pop3 post postgres
    postmaster posts press preview privacy private profile profiles public query readme redirect
    redis register registration remove report reports reset rest robots role roles root rss rules
    safety sale sales save script search secure security self server service services session
    sessions settings setup shop signin signout signup site sitemap smtp sql ssl sslwebmaster staff
    stage staging start static stats status store stream style styles stylesheet subscribe sudo
    super superuser support svg sync sysadmin sysop system tag tags team terms tests
    theme themes token tokens tos trust undefined unfollow unsubscribe update upload uploads
    usenet user username users uucp verify version video void web webmail webmaster website welcome
    wellknown widget wiki worker wpad www xml your
    """.replace(".", "").split()
)


def is_reserved(username: str) -> bool:
    """Tell whether `username` is kept for the site itself."""
    return re.sub(r"[._]", "", username).lower() in _RESERVED
