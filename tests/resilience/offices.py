"""An office in a process of its own, opened without the wizard, with a key to its API."""

import httpx

from tests.beds.servers import LiveServer

PASSWORD = "una frase larga 77"


def settle(server: LiveServer) -> httpx.Client:
    """Make the administrator and a key; a client that may ask for anything."""
    who = ("--email", "irene@irazu.example")
    server.prepare("admin", "create", *who, "--name", "Irene", "--role", "it", "--password-stdin", typed=PASSWORD)
    key = server.prepare("admin", "api-key", *who, "--name", "prueba").strip().splitlines()[-1]
    return httpx.Client(base_url=server.url, headers={"X-API-Key": key}, timeout=30)
