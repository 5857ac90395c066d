"""Encryption of personal columns and stored mails at rest (AES-256-GCM), and the blind index over phones."""

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class Seal:
    """Seals bytes under keys derived from the one secret of the installation."""

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESGCM(hashlib.sha256(b"svcqa seal v1" + secret).digest())
        self._index_key = hashlib.sha256(b"svcqa index v1" + secret).digest()

    def close(self, plain: bytes) -> bytes:
        """Return the sealed bytes: nonce, then ciphertext with its tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, None)

    def open(self, sealed: bytes) -> bytes:
        """Return the plain bytes; raises InvalidTag when one bit was changed."""
        return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)

    def close_text(self, plain: str) -> str:
        """Seal a text for a text column (hex)."""
        return self.close(plain.encode()).hex() if plain else ""

    def open_text(self, sealed: str) -> str:
        """Read a sealed text column."""
        return self.open(bytes.fromhex(sealed)).decode() if sealed else ""

    def blind_index(self, value: str) -> str:
        """Return a keyed fingerprint by which equal values can be found but not read."""
        return hmac.new(self._index_key, value.encode(), hashlib.sha256).hexdigest()[:32]
