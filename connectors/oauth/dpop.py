"""Proofs of possession (DPoP, RFC 9449) with a P-256 key: the token works for its holder only."""

import secrets
import time
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from connectors.http import Answer, Client


def new_key() -> str:
    """Return a fresh private key as PEM text, to be kept in the session of one link."""
    return (
        ec.generate_private_key(ec.SECP256R1())
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


def proof(key: str, method: str, url: str, nonce: str = "") -> str:
    """Return a proof for one request (RFC 9449, 4.2)."""
    private = serialization.load_pem_private_key(key.encode(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    public = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    parts = urlsplit(url)
    claims: dict[str, str | int] = {
        "jti": secrets.token_urlsafe(24),
        "htm": method,
        # Without query and fragment.
        "htu": f"{parts.scheme}://{parts.netloc}{parts.path}",
        "iat": int(time.time()),
    }
    if nonce:
        claims["nonce"] = nonce
    return jwt.encode(
        claims, private, algorithm="ES256", headers={"typ": "dpop+jwt", "jwk": public}
    )


def post(
    client: Client, url: str, form: dict[str, str], key: str, nonce: str = ""
) -> tuple[Answer, str]:
    """Return the answer to a form sent with a proof, and the server's newest nonce.

    A server that wants its nonce says use_dpop_nonce and is asked once more (RFC 9449, 8).
    Answers of 400 and 401 are returned, to be read for their word.
    """
    for last in (False, True):
        headers = {"DPoP": proof(key, "POST", url, nonce)}
        answer = client.post(url, form=form, headers=headers, accept=(400, 401))
        nonce = answer.headers.get("dpop-nonce", nonce)
        wanted = answer.status in {400, 401} and isinstance(answer.data, dict)
        if last or not wanted or answer.data.get("error") != "use_dpop_nonce":
            break
    return answer, nonce
