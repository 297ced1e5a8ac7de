"""Accounts that sign in, and the people of a hub."""

from app.store.people.accounts import (
    account,
    end_session,
    ensure_account,
    new_api_token,
    new_session,
    new_sign_in_link,
    session,
    sign_in_link,
    token_account,
    use_sign_in_link,
    viewer,
)
from app.store.people.directory import add_person
from app.store.people.hub_tokens import holder as hub_token_holder

__all__ = [
    "account",
    "add_person",
    "end_session",
    "ensure_account",
    "hub_token_holder",
    "new_api_token",
    "new_session",
    "new_sign_in_link",
    "session",
    "sign_in_link",
    "token_account",
    "use_sign_in_link",
    "viewer",
]
