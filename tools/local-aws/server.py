"""The local AWS of the local run: moto's KMS, S3 and STS on loopback, with two things put right.

- moto hashes a message of MessageType=DIGEST once more, so that nothing signed through it verifies elsewhere.
- moto forgets its keys when it ends; a signing key must outlive it, or every run would sign anew. A P-256 signing key with an alias
  is kept in a folder, one file an alias (private, 0600), and is there again at the next start.

    python server.py --port 5511 --state DIRECTORY --region eu-west-1

With --stacks it is an AWS to deploy to: CloudFormation with the types of a release pipeline (stacks/), in the account that is given. Nothing
outlives it then, keys neither: the stacks that made them are gone as well.

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


def keep_signing_keys(state, region):
    """Keeps every P-256 signing key of the region that an alias is given to, and brings back those that were kept."""
    def is_kept(backend, key):
        return backend.region_name == region and key.key_spec == "ECC_NIST_P256" and key.key_usage == "SIGN_VERIFY"

    def file_of(alias):
        return state / f"alias_{quote(alias.removeprefix('alias/'), safe='')}.pem"

    def keeping(operation):
        def run(self, target_key_id, alias_name):
            answer = operation(self, target_key_id, alias_name)
            key = self.keys[self.get_key_id(target_key_id)]
            if is_kept(self, key):
                write_whole(file_of(alias_name), text_of(key))
            return answer

        return run

    def forgetting(operation):
        def run(self, alias_name):
            answer = operation(self, alias_name)
            if self.region_name == region:
                file_of(alias_name).unlink(missing_ok=True)
            return answer

        return run

    KmsBackend.create_alias = keeping(KmsBackend.create_alias)
    KmsBackend.update_alias = keeping(KmsBackend.update_alias)
    KmsBackend.delete_alias = forgetting(KmsBackend.delete_alias)
    for path in sorted(state.glob("alias_*.pem")):
        restore(path, region)


def restore(path, region):
    try:
        text = path.read_bytes()
        private = serialization.load_pem_private_key(text, password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp256r1":
            raise ValueError("it is not a P-256 key")
    except ValueError as error:
        sys.exit(f"the signing key {path} can't be used: {error}. Move it away to get a new key; signatures made with the old one will not verify then")
    backend = kms_backends[ACCOUNT][region]
    key = backend.create_key(None, "SIGN_VERIFY", "ECC_NIST_P256", "", None)
    key.private_key.private_key = private
    known = KEY_ID.search(text)
    if known:
        # Two aliases may lead to one key.
        del backend.keys[key.id]
        name = known[1].decode()
        key.arn, key.id = key.arn.replace(key.id, name), name
        backend.keys.setdefault(name, key)
    backend.create_alias(key.id, "alias/" + unquote(path.stem.removeprefix("alias_")))


def text_of(key):
    """The key as PEM; readers of PEM pass over the line in front of it, which says by which id it is known."""
    pem = key.private_key.private_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return f"KMS key {key.id}\n".encode() + pem


def deploy_stacks(account, port):
    os.environ["MOTO_ACCOUNT_ID"] = account
    # The roles of "cdk bootstrap" attach policies of AWS's own.
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    from stacks import api, bucket_policies, change_sets, pipeline_times, rollback, strict

    api.listen_at(port)
    for part in (strict, change_sets, bucket_policies, pipeline_times, rollback):
        part.install()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--region")
    parser.add_argument("--stacks", metavar="ACCOUNT", help="deploy stacks, in this account")
    options = parser.parse_args()
    sign_digests_as_they_are()
    if options.stacks is not None:
        deploy_stacks(options.stacks, options.port)
    elif options.state is None or options.region is None:
        parser.error("say --state and --region, or --stacks")
    else:
        options.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        keep_signing_keys(options.state, options.region)
    serve(["-H", "127.0.0.1", "-p", str(options.port)])


if __name__ == "__main__":
    main()
