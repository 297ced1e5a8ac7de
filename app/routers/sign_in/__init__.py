"""The ways in, and the account of whoever is in."""

from app.routers.sign_in import account, links, passkeys, providers

# What has a fixed word stands before /sign-in/{token}.
ROUTERS = (passkeys.router, providers.router, links.router, account.router)
