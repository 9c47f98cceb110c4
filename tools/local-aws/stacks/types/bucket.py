import re

from moto.cloudformation.exceptions import ValidationError

from ..api import call
from ..resource import resource


@resource("AWS::S3::Bucket", "BucketName")
class Bucket:
    """moto's own applies encryption and tags alone."""

    attributes = ("Arn", "DomainName", "RegionalDomainName")

    @classmethod
    def create(cls, region, account, name, properties):
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        call("s3", "CreateBucket", region, {"Bucket": name, **place})
        return cls.update(region, account, name, properties)

    @staticmethod
    def update(region, account, name, properties):
        for key, value in properties.items():
            if key == "BucketName":
                continue
            if key not in requests:
                raise ValidationError(message=f"the local AWS does not apply {key} of AWS::S3::Bucket")
            operation, parameters = requests[key](value)
            call("s3", operation, region, {"Bucket": name, **parameters})
        # What a template says no more.
        if "LifecycleConfiguration" not in properties:
            call("s3", "DeleteBucketLifecycle", region, {"Bucket": name})
        domain = {"DomainName": f"{name}.s3.amazonaws.com", "RegionalDomainName": f"{name}.s3.{region}.amazonaws.com"}
        return name, {"Arn": f"arn:aws:s3:::{name}", **domain}

    @staticmethod
    def delete(region, account, name, properties):
        call("s3", "DeleteBucket", region, {"Bucket": name})


def encryption(value):
    rules = [
        {("ApplyServerSideEncryptionByDefault" if key == "ServerSideEncryptionByDefault" else key): part for key, part in rule.items()}
        for rule in value["ServerSideEncryptionConfiguration"]
    ]
    return "PutBucketEncryption", {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def lifecycle(value):
    return "PutBucketLifecycleConfiguration", {"LifecycleConfiguration": {"Rules": [lifecycle_rule(rule) for rule in value["Rules"]]}}


def lifecycle_rule(rule):
    """The template's flat spelling of a rule in the API's nested one."""
    spelled = {"Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    for key, part in rule.items():
        if key == "ExpirationInDays":
            spelled.setdefault("Expiration", {})["Days"] = part
        elif key == "ExpiredObjectDeleteMarker":
            spelled.setdefault("Expiration", {})["ExpiredObjectDeleteMarker"] = part
        elif key == "NoncurrentVersionExpirationInDays":
            spelled["NoncurrentVersionExpiration"] = {"NoncurrentDays": part}
        elif key == "Id":
            spelled["ID"] = part
        elif key in ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"):
            spelled[key] = part
        elif key not in ("Status", "Prefix"):
            raise ValidationError(message=f"the local AWS does not apply {key} of a lifecycle rule of AWS::S3::Bucket")
    return spelled


requests = {
    "AccessControl": lambda value: ("PutBucketAcl", {"ACL": re.sub(r"(?<!^)([A-Z])", r"-\1", value).lower()}),
    "BucketEncryption": encryption,
    "LifecycleConfiguration": lifecycle,
    "PublicAccessBlockConfiguration": lambda value: ("PutPublicAccessBlock", {"PublicAccessBlockConfiguration": value}),
    "Tags": lambda value: ("PutBucketTagging", {"Tagging": {"TagSet": value}}),
    "VersioningConfiguration": lambda value: ("PutBucketVersioning", {"VersioningConfiguration": value}),
}
