"""The local AWS of the local run: KMS, S3 and STS of moto on loopback, with two corrections.

- moto hashes a message with MessageType=DIGEST again, so that its signatures do not verify anywhere else.
- moto loses its keys when it stops, and every run would sign again with new keys. This server keeps each P-256 signing key with an alias in the
  state folder, one file per alias (mode 0600), and loads it at the next start.

    python server.py --port 5511 --state DIRECTORY --region eu-west-1

With --stacks it is an AWS to deploy to: CloudFormation with the resource types of a release pipeline (stacks/), in the given account. It then
keeps nothing when it stops, not even keys, since the stacks that created them are gone too.

    python server.py --port 5512 --stacks 111111111111
"""

import argparse
import os
import re
import sys
import threading
from pathlib import Path
from urllib.parse import quote, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import utils as asymmetric
from moto.kms import responses, utils
from moto.kms.models import KmsBackend, kms_backends
from moto.server import main as serve

ACCOUNT = "123456789012"

KEY_ID = re.compile(rb"^KMS key (\S+)$", re.MULTILINE)

_request = threading.local()


def sign_digests_without_hashing():
    for operation in ("sign", "verify"):
        original = getattr(responses.KmsResponse, operation)

        def with_message_type(self, original=original):
            _request.is_digest = self._get_param("MessageType") == "DIGEST"
            try:
                return original(self)
            finally:
                _request.is_digest = False

        setattr(responses.KmsResponse, operation, with_message_type)

    key_class = utils.ECDSAPrivateKey
    hash_of = key_class._ECDSAPrivateKey__hash_algorithm

    def algorithm(self, name):
        chosen = hash_of(self, name)
        return ec.ECDSA(asymmetric.Prehashed(chosen) if getattr(_request, "is_digest", False) else chosen)

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


def write_atomic(path, content):
    temporary = path.with_suffix(".part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    temporary.replace(path)


def keep_signing_keys(state, region):
    """Saves every P-256 signing key of the region that has an alias, and loads the saved keys."""

    def is_signing_key(backend, key):
        return backend.region_name == region and key.key_spec == "ECC_NIST_P256" and key.key_usage == "SIGN_VERIFY"

    def file_of(alias):
        return state / f"alias_{quote(alias.removeprefix('alias/'), safe='')}.pem"

    def saving(operation):
        def run(self, target_key_id, alias_name):
            result = operation(self, target_key_id, alias_name)
            key = self.keys[self.get_key_id(target_key_id)]
            if is_signing_key(self, key):
                write_atomic(file_of(alias_name), pem_of(key))
            return result

        return run

    def removing(operation):
        def run(self, alias_name):
            result = operation(self, alias_name)
            if self.region_name == region:
                file_of(alias_name).unlink(missing_ok=True)
            return result

        return run

    KmsBackend.create_alias = saving(KmsBackend.create_alias)
    KmsBackend.update_alias = saving(KmsBackend.update_alias)
    KmsBackend.delete_alias = removing(KmsBackend.delete_alias)
    for path in sorted(state.glob("alias_*.pem")):
        restore(path, region)


def restore(path, region):
    try:
        text = path.read_bytes()
        private = serialization.load_pem_private_key(text, password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp256r1":
            raise ValueError("expected a P-256 key")
    except ValueError as error:
        sys.exit(f"the signing key {path} cannot be used: {error}. Move it away to get a new key. Signatures of the old key will then not verify")
    backend = kms_backends[ACCOUNT][region]
    key = backend.create_key(None, "SIGN_VERIFY", "ECC_NIST_P256", "", None)
    key.private_key.private_key = private
    known = KEY_ID.search(text)
    if known:
        # Several aliases may have the same key.
        del backend.keys[key.id]
        name = known[1].decode()
        key.arn, key.id = key.arn.replace(key.id, name), name
        backend.keys.setdefault(name, key)
    backend.create_alias(key.id, "alias/" + unquote(path.stem.removeprefix("alias_")))


def pem_of(key):
    """The key as PEM, after a line with its id, which PEM readers skip."""
    pem = key.private_key.private_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return f"KMS key {key.id}\n".encode() + pem


def deploy_stacks(account, port):
    os.environ["MOTO_ACCOUNT_ID"] = account
    # The roles of "cdk bootstrap" attach AWS managed policies.
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    from stacks import api, bucket_policies, change_sets, event_topics, pipeline_times, rollback, strict

    api.listen_at(port)
    for module in (strict, change_sets, bucket_policies, event_topics, pipeline_times, rollback):
        module.install()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--region")
    parser.add_argument("--stacks", metavar="ACCOUNT", help="serve CloudFormation for this account")
    options = parser.parse_args()
    sign_digests_without_hashing()
    if options.stacks is not None:
        deploy_stacks(options.stacks, options.port)
    elif options.state is None or options.region is None:
        parser.error("expected --state and --region, or --stacks")
    else:
        options.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        keep_signing_keys(options.state, options.region)
    serve(["-H", "127.0.0.1", "-p", str(options.port)])


if __name__ == "__main__":
    main()
