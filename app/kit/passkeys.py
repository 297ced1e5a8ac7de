"""Passkeys as bytes and JSON: the one home of the WebAuthn library (W3C Web Authentication, level 2).

It is imported where it is used: with the cryptography behind it, it costs every start a fifth of a second.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

NAME = "Halfterm"
MILLISECONDS = 120_000  # for somebody who looks for their phone
LARGEST = 20_000  # characters of an answer; a real one has some 1,500


class NotAPasskeyError(ValueError):
    """What was sent is no answer of a device to this challenge, here."""


@dataclass(frozen=True, slots=True)
class Site:
    """The server as devices know it: its name and its origin; and its whole address, for letters."""

    host: str
    origin: str
    address: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a passkey is for, as their device will show them."""

    handle: bytes
    email: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a device made: the key's name, its public half, how often the device says it was used."""

    credential: bytes
    public_key: bytes
    uses: int


def site(address: str) -> Site:
    """The site at this address, such as https://halfterm.example.org."""
    parts = urlsplit(address)
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}", address)


def to_make(here: Site, owner: Owner, challenge: str, known: list[bytes]) -> dict[str, Any]:
    """What a browser must hear to make a passkey that needs no name typed; `known` are those the owner has."""
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=here.host,
        rp_name=NAME,
        user_id=owner.handle,
        user_name=owner.email,
        user_display_name=owner.email,
        challenge=challenge.encode(),
        timeout=MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return dict(options_to_json_dict(options))


def to_use(here: Site, challenge: str) -> dict[str, Any]:
    """What a browser must hear to let somebody choose among their passkeys for this site."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=here.host,
        challenge=challenge.encode(),
        timeout=MILLISECONDS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options_to_json_dict(options))


def challenge_in(answer: object) -> str:
    """The challenge that an answer says it signs; raises NotAPasskeyError."""
    from webauthn.helpers import base64url_to_bytes

    try:
        sent = answer["response"]["clientDataJSON"]  # type: ignore[index]
        if len(json.dumps(answer)) > LARGEST:
            raise NotAPasskeyError
        return base64url_to_bytes(json.loads(base64url_to_bytes(sent))["challenge"]).decode()
    except (TypeError, KeyError, ValueError, AttributeError, RecursionError) as error:
        raise NotAPasskeyError from error


def credential_in(answer: Any) -> bytes:
    """Which passkey an answer names; raises NotAPasskeyError."""
    from webauthn.helpers import base64url_to_bytes

    try:
        return base64url_to_bytes(answer["rawId"])
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise NotAPasskeyError from error


def made(here: Site, answer: Any, challenge: str) -> NewKey:
    """The key that a device made for this challenge, here, with its owner's finger, face or PIN.

    Raises NotAPasskeyError.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge.encode(),
            expected_rp_id=here.host,
            expected_origin=here.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotAPasskeyError from error
    return NewKey(found.credential_id, found.credential_public_key, found.sign_count)


def used(here: Site, answer: Any, challenge: str, key: NewKey) -> int:
    """How often the device says this key was used, after it signed the challenge. Raises NotAPasskeyError."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge.encode(),
            expected_rp_id=here.host,
            expected_origin=here.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.uses,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotAPasskeyError from error
    return found.new_sign_count
