"""The local AWS of the local run: moto's KMS, S3 and STS on loopback, with two things put right.

- moto hashes a message of MessageType=DIGEST once more, so that nothing signed through it verifies elsewhere.
- moto forgets its keys when it ends; a signing key must outlive it, or every run would sign anew. ECC keys made here are kept in
  a folder, one file a key (private, 0600), and are there again at the next start.

    python server.py --port 5511 --state DIRECTORY --region eu-west-1 [--key alias/acme-nonproduction ...]
"""

import argparse
import os
import threading
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import utils as asymmetric
from moto.kms import responses, utils
from moto.kms.models import kms_backends
from moto.server import main as serve

ACCOUNT = "123456789012"

_now = threading.local()


def sign_digests_as_they_are():
    for operation in ("sign", "verify"):
        original = getattr(responses.KmsResponse, operation)

        def aware(self, original=original):
            _now.digest = self._get_param("MessageType") == "DIGEST"
            try:
                return original(self)
            finally:
                _now.digest = False

        setattr(responses.KmsResponse, operation, aware)

    key_class = utils.ECDSAPrivateKey
    hash_of = key_class._ECDSAPrivateKey__hash_algorithm

    def algorithm(self, name):
        chosen = hash_of(self, name)
        return ec.ECDSA(asymmetric.Prehashed(chosen) if getattr(_now, "digest", False) else chosen)

    def sign(self, message, signing_algorithm):
        utils.validate_signing_algorithm(signing_algorithm, self.valid_signing_algorithms)
        return self.private_key.sign(message, algorithm(self, signing_algorithm))

    def verify(self, message, signature, signing_algorithm):
        try:
            self.private_key.public_key().verify(signature, message, algorithm(self, signing_algorithm))
            return True
        except InvalidSignature:
            return False

    key_class.sign, key_class.verify = sign, verify


def write_whole(path, content):
    beside = path.with_suffix(".part")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    beside.replace(path)


def keep_key(state, region, alias):
    """Puts a P-256 signing key behind an alias: the one in the state folder, or a new one that is kept there."""
    backend = kms_backends[ACCOUNT][region]
    key = backend.create_key(None, "SIGN_VERIFY", "ECC_NIST_P256", alias, None)
    path = state / (alias.replace("/", "_") + ".pem")
    if path.exists():
        key.private_key.private_key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    else:
        private = key.private_key.private_key
        write_whole(path, private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    backend.create_alias(key.id, alias)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--region", required=True)
    parser.add_argument("--key", action="append", default=[], metavar="ALIAS")
    options = parser.parse_args()
    options.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    sign_digests_as_they_are()
    for alias in options.key:
        keep_key(options.state, options.region, alias)
    serve(["-H", "127.0.0.1", "-p", str(options.port)])


if __name__ == "__main__":
    main()
