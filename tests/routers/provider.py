"""A small OpenID Connect provider on loopback: it signs, checks PKCE and client, gives each code once; and can lie."""

import base64
import hashlib
import json
import threading
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "halfterm", "s3cret: with signs"


@dataclass
class Provider:
    """Who is signed in there, and what it will say that it should not."""

    now: int
    person: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)  # over the ID token's claims; None takes one away
    says: dict[str, Any] = field(default_factory=dict)  # over the description of itself
    told: dict[str, Any] = field(default_factory=dict)  # at userinfo
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signs_with: RSAKey | None = None
    address: str = ""
    calls: list[str] = field(default_factory=list)

    def description(self) -> dict[str, Any]:
        described = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        found: dict[str, Any] = {f"{name}_endpoint": f"{self.address}/{path}" for name, path in described.items()}
        return {"issuer": self.address, "jwks_uri": f"{self.address}/keys", **found, **self.says}

    def authorize(self, address: str) -> str:
        """What its sign-in page does once somebody has typed their password there: the way back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = uuid.uuid4().hex
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def tokens(self, sent: dict[str, str], basic: str) -> dict[str, Any] | None:
        """The token endpoint; None is a refusal."""
        client = base64.b64decode(basic.removeprefix("Basic ")).decode().partition(":")[::2] if basic else ()
        posted = (sent.get("client_id"), sent.get("client_secret"))
        asked = self.codes.pop(sent.get("code", ""), None)
        if asked is None or (CLIENT, SECRET) not in {tuple(map(unquote_plus, client)), posted}:
            return None
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (challenge, sent["redirect_uri"]) != (asked["code_challenge"], asked["redirect_uri"]):
            return None
        claims = {"iss": self.address, "sub": "7", "aud": CLIENT, "iat": self.now, "exp": self.now + 300}
        claims |= {"nonce": asked["nonce"], **self.person, **self.lies}
        kept = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode({"alg": "RS256", "kid": "1"}, kept, self.signs_with or self.key)
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        provider = self.provider
        provider.calls.append(path)
        if path == "/.well-known/openid-configuration":
            self._answer(provider.description())
        elif path == "/keys":
            self._answer({"keys": [provider.key.as_dict(private=False)]})
        elif path == "/userinfo" and self.headers["authorization"] == "Bearer a":
            self._answer({"sub": "7", **provider.told})
        else:
            self._answer(None)

    def do_POST(self) -> None:
        self.provider.calls.append(self.path)
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        self._answer(self.provider.tokens(sent, self.headers.get("authorization", "")))

    def _answer(self, found: dict[str, Any] | None) -> None:
        body = json.dumps(found or {"error": "invalid_grant"}).encode()
        self.send_response(200 if found else 400)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


def serve(provider: Provider) -> ThreadingHTTPServer:
    """Start the provider on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": provider}))
    server.daemon_threads = True
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server
