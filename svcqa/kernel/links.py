"""Signed links for mails. A token names a purpose and a `jti`; the row behind the jti decides everything.

itsdangerous tokens have several spellings, so nothing is ever keyed on the token's text.
"""

import hashlib
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer


class BrokenLink(Exception):
    """The token was not issued here, or was damaged on its way."""


@dataclass(frozen=True)
class Links:
    """Signs and reads tokens; `base_url` is where people reach the web app."""

    secret: bytes
    base_url: str

    def token(self, purpose: str, jti: str) -> str:
        """Return the token of one link row."""
        return str(self._signer(purpose).dumps(jti))

    def read(self, purpose: str, token: str) -> str:
        """Return the jti of a token; raises BrokenLink for every other text."""
        try:
            jti = self._signer(purpose).loads(token)
        except BadSignature as error:
            raise BrokenLink from error
        if not isinstance(jti, str):
            raise BrokenLink
        return jti

    def address(self, path: str) -> str:
        """Return the absolute address of a path of the web app."""
        return f"{self.base_url.rstrip('/')}{path}"

    def _signer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(
            self.secret,
            salt=f"svcqa.{purpose}",
            signer_kwargs={"digest_method": staticmethod(hashlib.sha256), "key_derivation": "hmac"},
        )
