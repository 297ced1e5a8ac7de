"""Signing in, and the account of whoever is signed in."""

from app.pages.sign_in.asking import SignInConfirmPage, SignInPage, SignInSentPage, Way, sign_in_form

__all__ = ["SignInConfirmPage", "SignInPage", "SignInSentPage", "Way", "sign_in_form"]
