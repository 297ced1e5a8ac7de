"""Coming in: by a link, a passkey or single sign-on; and the account's own browsers and passkeys."""

from app.actions.sign_in.browsers import Holder, end_browser, end_others
from app.actions.sign_in.knocking import Knock, Opened, tidy, wrong
from app.actions.sign_in.links import (
    Slowed,
    ask_for_link,
    demo_link,
    link_is_usable,
    make_token,
    sign_in_as,
    sign_out,
    use_link,
)
from app.actions.sign_in.passkeys import (
    begin_making,
    begin_using,
    finish_making,
    forget_passkeys,
    remove_passkey,
    require_passkeys,
    use_passkey,
)

__all__ = [
    "Holder",
    "Knock",
    "Opened",
    "Slowed",
    "ask_for_link",
    "begin_making",
    "begin_using",
    "demo_link",
    "end_browser",
    "end_others",
    "finish_making",
    "forget_passkeys",
    "link_is_usable",
    "make_token",
    "remove_passkey",
    "require_passkeys",
    "sign_in_as",
    "sign_out",
    "tidy",
    "use_link",
    "use_passkey",
    "wrong",
]
