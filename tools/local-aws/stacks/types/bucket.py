import re

from moto.cloudformation.exceptions import ValidationError

from ..api import call
from ..resource import resource


@resource("AWS::S3::Bucket", "BucketName")
class Bucket:
    """moto applies only encryption and tags."""

    attributes = ("Arn", "DomainName", "RegionalDomainName")

    @classmethod
    def create(cls, region, account, name, properties):
        configuration = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        call("s3", "CreateBucket", region, {"Bucket": name, **configuration})
        return cls.update(region, account, name, properties)

    @staticmethod
    def update(region, account, name, properties):
        for key, value in properties.items():
            if key == "BucketName":
                continue
            if key not in property_calls:
                raise ValidationError(message=f"the local AWS does not apply {key} of AWS::S3::Bucket")
            operation, parameters = property_calls[key](value)
            call("s3", operation, region, {"Bucket": name, **parameters})
        # A template without lifecycle rules removes those of its previous version.
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
    """Converts the flat rule of a template to the nested one of the API."""
    converted = {"Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    for key, part in rule.items():
        if key == "ExpirationInDays":
            converted.setdefault("Expiration", {})["Days"] = part
        elif key == "ExpiredObjectDeleteMarker":
            converted.setdefault("Expiration", {})["ExpiredObjectDeleteMarker"] = part
        elif key == "NoncurrentVersionExpirationInDays":
            converted["NoncurrentVersionExpiration"] = {"NoncurrentDays": part}
        elif key == "Id":
            converted["ID"] = part
        elif key in ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"):
            converted[key] = part
        elif key not in ("Status", "Prefix"):
            raise ValidationError(message=f"the local AWS does not apply {key} of a lifecycle rule of AWS::S3::Bucket")
    return converted


property_calls = {
    "AccessControl": lambda value: ("PutBucketAcl", {"ACL": re.sub(r"(?<!^)([A-Z])", r"-\1", value).lower()}),
    "BucketEncryption": encryption,
    "LifecycleConfiguration": lifecycle,
    "PublicAccessBlockConfiguration": lambda value: ("PutPublicAccessBlock", {"PublicAccessBlockConfiguration": value}),
    "Tags": lambda value: ("PutBucketTagging", {"Tagging": {"TagSet": value}}),
    "VersioningConfiguration": lambda value: ("PutBucketVersioning", {"VersioningConfiguration": value}),
}
