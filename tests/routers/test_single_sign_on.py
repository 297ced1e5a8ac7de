"""Single sign-on against a real provider on loopback: in by a verified address, and by nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import RSAKey

from app.models.trail import TrailEntry
from app.routers.deps import World
from app.settings import BadSettingError, read_settings
from app.store.database import Database
from tests.makers import NOW
from tests.routers.desks import Desk
from tests.routers.provider import CLIENT, SECRET, Provider, serve

AGREED = "answered something else than agreed"


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider(int(NOW.timestamp()))
    server = serve(made)
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
async def desk(app: FastAPI, database: Database, client: httpx.AsyncClient, provider: Provider) -> Desk:
    """Somebody who is known here and there, and is signed in at neither."""
    world: World = app.state.world
    settings = read_settings(
        now=NOW,
        oidc_name="Moorland Trust",
        oidc_discovery=f"{provider.address}/.well-known/openid-configuration",
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
    )
    app.state.world = World(settings, world.database, world.clock, world.extras)
    made = await Desk(database, client).open()
    client.cookies.clear()
    provider.person = {"email": made.me.email.upper(), "email_verified": True}
    return made


async def there(client: httpx.AsyncClient, back: str = "/my/calendar") -> str:
    answer = await client.get(f"/sign-in/with/own?back={back}")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def signed_in(client: httpx.AsyncClient) -> bool:
    return (await client.get("/api/v1/me")).status_code == 200


async def test_whoever_the_provider_vouches_for_is_in_and_the_hub_is_told(
    client: httpx.AsyncClient, desk: Desk, provider: Provider
) -> None:
    page = (await client.get("/sign-in?back=/my/calendar")).text
    assert 'href="/sign-in/with/own?back=/my/calendar">Sign in with Moorland Trust</a>' in page
    back = provider.authorize(await there(client))
    answer = await client.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/my/calendar")
    assert (await client.get("/api/v1/me")).json()["email"] == desk.me.email
    told = [(one.did, one.about) for one in await desk.rows(TrailEntry)]
    assert told == [("Signed in", "A browser we do not know, by single sign-on")]
    again = await client.get(back)
    assert again.status_code == 400, "the cookie of the errand is gone"


@pytest.mark.parametrize(
    ("lies", "says"),
    [
        ({"email_verified": False}, "has checked your e-mail address"),
        ({"email_verified": None}, "has checked your e-mail address"),
        ({"email_verified": None, "xms_edov": True}, "has checked your e-mail address"),
        ({"email": "nobody@school.example"}, "Nobody in a hub here has the address nobody@school.example"),
        ({"nonce": "another"}, AGREED),
        ({"nonce": None}, AGREED),
        ({"aud": "somebody-else"}, AGREED),
        ({"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"}, AGREED),
        ({"iss": "https://evil.example"}, AGREED),
        ({"exp": int(NOW.timestamp()) - 3600}, AGREED),
        ({"exp": None}, AGREED),
    ],
)
async def test_a_token_that_does_not_fit_opens_nothing(
    client: httpx.AsyncClient, desk: Desk, provider: Provider, lies: dict[str, Any], says: str
) -> None:
    assert desk
    provider.lies = lies
    answer = await client.get(provider.authorize(await there(client)))
    assert answer.status_code == 400
    assert says in answer.text
    assert not await signed_in(client)


async def test_a_token_signed_by_somebody_else_opens_nothing(
    client: httpx.AsyncClient, desk: Desk, provider: Provider
) -> None:
    assert desk
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "1"})
    answer = await client.get(provider.authorize(await there(client)))
    assert AGREED in answer.text
    assert not await signed_in(client)


async def test_an_answer_of_another_try_or_another_browser_opens_nothing(
    client: httpx.AsyncClient, desk: Desk, provider: Provider
) -> None:
    assert desk
    old = provider.authorize(await there(client))
    await there(client)
    assert "begun elsewhere" in (await client.get(old)).text
    back = provider.authorize(await there(client))
    client.cookies.clear()
    assert (await client.get(back)).status_code == 400
    client.cookies.set("halfterm-errand", "e30=.0000")
    assert (await client.get(back)).status_code == 400
    assert "/token" not in provider.calls


async def test_a_code_of_another_try_is_refused_by_its_proof(
    client: httpx.AsyncClient, desk: Desk, provider: Provider
) -> None:
    assert desk
    stolen = provider.authorize(await there(client)).partition("code=")[2].partition("&")[0]
    own = provider.authorize(await there(client))
    mine = own.partition("code=")[2].partition("&")[0]
    answer = await client.get(own.replace(mine, stolen))
    assert AGREED in answer.text
    assert not await signed_in(client)


async def test_an_errand_lasts_ten_minutes(
    app: FastAPI, client: httpx.AsyncClient, desk: Desk, provider: Provider
) -> None:
    assert desk
    back = provider.authorize(await there(client))
    world: World = app.state.world
    app.state.world = World(world.settings, world.database, lambda: NOW + timedelta(minutes=11), world.extras)
    assert "more than 10 minutes ago" in (await client.get(back)).text


async def test_whoever_stops_there_is_told_what_else_they_can_do(
    client: httpx.AsyncClient, desk: Desk, provider: Provider
) -> None:
    assert desk
    state = provider.authorize(await there(client)).partition("state=")[2]
    answer = await client.get(f"/sign-in/with/own/back?error=access_denied&state={state}")
    assert answer.status_code == 400
    assert "You did not finish signing in with Moorland Trust." in answer.text


async def test_an_address_at_userinfo_counts_for_the_same_person_alone(
    client: httpx.AsyncClient, desk: Desk, provider: Provider
) -> None:
    told, provider.person = provider.person, {}
    provider.told = {**told, "sub": "8"}
    assert AGREED in (await client.get(provider.authorize(await there(client)))).text
    provider.told = told
    provider.says = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert (await client.get(provider.authorize(await there(client)))).status_code == 303
    assert (await client.get("/api/v1/me")).json()["email"] == desk.me.email


@pytest.mark.parametrize(
    ("says", "because"),
    [
        ({"issuer": "https://evil.example"}, AGREED),
        ({"authorization_endpoint": "javascript:alert(1)"}, AGREED),
        ({"token_endpoint": None}, AGREED),
        ({"jwks_uri": "http://127.0.0.1:1/keys"}, "could not be reached"),
    ],
)
async def test_a_provider_that_describes_another_is_not_followed(
    client: httpx.AsyncClient, desk: Desk, provider: Provider, says: dict[str, Any], because: str
) -> None:
    assert desk
    provider.says = says
    answer = await client.get("/sign-in/with/own")
    if answer.status_code == 303:
        answer = await client.get(provider.authorize(answer.headers["location"]))
    assert answer.status_code == 400
    assert because in answer.text


async def test_a_provider_that_is_not_set_up_leads_back_to_the_link(client: httpx.AsyncClient) -> None:
    for path in ("/sign-in/with/google", "/sign-in/with/nobody/back?code=1&state=2"):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "is not set up here" in (await client.get("/sign-in")).text


def test_known_providers_need_only_our_key_there() -> None:
    settings = read_settings(
        oidc_google_client_id="g",
        oidc_google_client_secret="s",
        oidc_microsoft_client_id="m",
        oidc_microsoft_client_secret="s",
        oidc_microsoft_directory="0194fdc2-0000-7000-8000-000000000000",
        oidc_dfe_client_id="d",
        oidc_dfe_client_secret="s",
    )
    assert [one.name for one in settings.providers] == ["Microsoft", "Google", "DfE Sign-in"]
    assert "s" not in repr(settings.providers[0]).partition("client_secret")[2]


@pytest.mark.parametrize(
    "given",
    [
        {"oidc_google_client_id": "g"},
        {"oidc_microsoft_client_id": "m", "oidc_microsoft_client_secret": "s"},
        {"oidc_client_id": "o", "oidc_client_secret": "s"},
        {"oidc_client_id": "o", "oidc_client_secret": "s", "oidc_discovery": "http://sso.example/.well-known/x"},
        {"trusted_proxies": "*"},
    ],
)
def test_half_a_setting_stops_the_start_with_a_sentence(given: dict[str, str]) -> None:
    with pytest.raises(BadSettingError):
        read_settings(**given)
