"""OpenID Connect: sending somebody to a provider, and learning their verified address when they come back.

Sources: OpenID Connect Core 1.0 (3.1), Discovery 1.0 (4.3), RFC 7636 (PKCE).
Authlib and joserfc are imported where they are used: they cost every start a tenth of a second.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NoReturn
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx

from app.kit.errors import HalftermError
from app.settings import DISCOVERY, Provider

SECONDS = 10.0
LEEWAY = 60  # seconds by which the provider's clock may differ from ours
SIGNED_WITH = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]  # never none, never a shared secret
NOT_REACHED = "{} could not be reached. Try again in a few minutes, or ask for a link by e-mail."
NOT_UNDERSTOOD = "{} answered something else than agreed. Ask for a link by e-mail, and tell whoever runs Halfterm."
NOT_VERIFIED = (
    "{} does not say that it has checked your e-mail address, so that opens nothing. Ask for a link by e-mail."
)
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class NotLetInError(HalftermError):
    """Signing in elsewhere did not work out; the sentence says what to do instead."""

    status = 400
    title = "You are not signed in yet"


@dataclass(frozen=True, slots=True)
class Errand:
    """What must be the same when somebody comes back: from which provider, to where, and three secrets of this try."""

    provider: Provider
    back_to: str
    state: str
    nonce: str
    verifier: str


async def way_there(errand: Errand) -> str:
    """The address at the provider to send somebody to. Raises NotLetInError."""
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    async with _client() as client:
        described = await _described(client, errand.provider)
    return str(
        prepare_grant_uri(
            described["authorization_endpoint"],
            errand.provider.client_id,
            "code",
            redirect_uri=errand.back_to,
            scope="openid email",
            state=errand.state,
            nonce=errand.nonce,
            code_challenge=create_s256_code_challenge(errand.verifier),
            code_challenge_method="S256",
        )
    )


async def verified_address(errand: Errand, code: str, now: datetime) -> str:
    """Whose sign-in this code is, by the address that the provider has verified. Raises NotLetInError."""
    provider = errand.provider
    async with _client() as client:
        described = await _described(client, provider)
        tokens = await _tokens(client, errand, described, code)
        keys = await _asked(client, provider, "GET", described["jwks_uri"])
        claims = _claims(errand, described["issuer"], tokens, keys, now)
        if not claims.get("email") and "userinfo_endpoint" in described:
            headers = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
            more = await _asked(client, provider, "GET", described["userinfo_endpoint"], headers=headers)
            if more.get("sub") != claims["sub"]:  # Core 5.3.2: else it speaks of somebody else
                _not_understood(provider)
            claims = {**more, **claims}
    return _vouched_for(provider, claims)


def _vouched_for(provider: Provider, claims: dict[str, Any]) -> str:
    vouched = claims.get("email_verified") in {True, "true"}
    if urlsplit(provider.discovery).hostname == "login.microsoftonline.com":
        vouched = vouched or claims.get("xms_edov") in {True, "1", "true", "True"}
    email = claims.get("email")
    if not vouched or not isinstance(email, str) or "@" not in email:
        raise NotLetInError(NOT_VERIFIED.format(provider.name))
    return email


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=SECONDS, follow_redirects=False)


async def _described(client: httpx.AsyncClient, provider: Provider) -> dict[str, Any]:
    """What the provider says of itself; Discovery 4.3: it must be about the very address that was asked."""
    found = await _asked(client, provider, "GET", provider.discovery)
    if found.get("issuer", "").rstrip("/") + DISCOVERY != provider.discovery:
        _not_understood(provider)
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
        at = found.get(name, "" if name != "userinfo_endpoint" else provider.discovery)
        if not isinstance(at, str) or urlsplit(at).scheme not in {"https", urlsplit(provider.discovery).scheme}:
            _not_understood(provider)
    return found


async def _tokens(client: httpx.AsyncClient, errand: Errand, described: dict[str, Any], code: str) -> dict[str, Any]:
    from authlib.oauth2.rfc6749.parameters import prepare_token_request

    provider = errand.provider
    body = prepare_token_request(
        "authorization_code", redirect_uri=errand.back_to, code=code, code_verifier=errand.verifier
    )
    ours = {"client_id": provider.client_id, "client_secret": provider.client_secret}
    ways = described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    sent: dict[str, Any] = {}
    if "client_secret_basic" in ways:
        sent = {"auth": httpx.BasicAuth(*map(quote_plus, ours.values()))}  # RFC 6749, section 2.3.1
    else:
        body = f"{body}&{urlencode(ours)}"
    return await _asked(client, provider, "POST", described["token_endpoint"], content=body, headers=FORM, **sent)


async def _asked(
    client: httpx.AsyncClient, provider: Provider, method: Literal["GET", "POST"], address: str, **sent: Any
) -> dict[str, Any]:
    try:
        answer = await client.request(method, address, **sent)
        answer.raise_for_status()
        found = answer.json()
    except httpx.HTTPStatusError:
        _not_understood(provider)
    except httpx.HTTPError:
        raise NotLetInError(NOT_REACHED.format(provider.name)) from None
    except ValueError:
        _not_understood(provider)
    if not isinstance(found, dict):
        _not_understood(provider)
    return found


def _claims(errand: Errand, issuer: str, tokens: dict[str, Any], keys: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What the ID token says, once its signature, issuer, audience, times and nonce fit."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    provider = errand.provider
    options = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": provider.client_id}}
    params = {"nonce": errand.nonce, "client_id": provider.client_id, "access_token": tokens.get("access_token")}
    try:
        read = jwt.decode(tokens["id_token"], KeySet.import_key_set(keys), algorithms=SIGNED_WITH)  # type: ignore[arg-type]
        token = CodeIDToken(read.claims, read.header, options, params)
        token.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except (JoseError, KeyError, ValueError, TypeError):
        _not_understood(provider)
    return dict(read.claims)


def _not_understood(provider: Provider) -> NoReturn:
    raise NotLetInError(NOT_UNDERSTOOD.format(provider.name)) from None
