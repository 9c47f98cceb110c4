from moto.cloudformation.exceptions import ValidationError

from ..api import call
from ..resource import resource


@resource("AWS::KMS::Key")
class Key:
    """moto's own ignores KeySpec and KeyUsage: a signing key would be one for encryption."""

    attributes = ("Arn", "KeyId")
    apart = ("KeyPolicy", "EnableKeyRotation", "PendingWindowInDays", "Tags")
    fixed = ("KeySpec", "KeyUsage")

    @classmethod
    def create(cls, region, account, name, properties):
        given = {key: value for key, value in properties.items() if key not in cls.apart}
        tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in properties.get("Tags", [])]
        key = call("kms", "CreateKey", region, {**given, "Tags": tags, "Policy": properties["KeyPolicy"]})["KeyMetadata"]
        cls.rotate(region, key["KeyId"], properties)
        return key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]}

    @classmethod
    def update(cls, region, account, key_id, properties):
        key = call("kms", "DescribeKey", region, {"KeyId": key_id})["KeyMetadata"]
        for name in cls.fixed:
            if name in properties and properties[name] != key[name]:
                raise ValidationError(message=f"{name} of a key can not be changed ({key[name]} to {properties[name]}): make another key")
        call("kms", "PutKeyPolicy", region, {"KeyId": key_id, "PolicyName": "default", "Policy": properties["KeyPolicy"]})
        call("kms", "UpdateKeyDescription", region, {"KeyId": key_id, "Description": properties.get("Description", "")})
        cls.rotate(region, key_id, properties)
        return key_id, {"Arn": key["Arn"], "KeyId": key_id}

    @staticmethod
    def rotate(region, key_id, properties):
        if "EnableKeyRotation" in properties:
            wanted = str(properties["EnableKeyRotation"]).lower() == "true"
            call("kms", "EnableKeyRotation" if wanted else "DisableKeyRotation", region, {"KeyId": key_id})

    @staticmethod
    def delete(region, account, key_id, properties):
        call("kms", "ScheduleKeyDeletion", region, {"KeyId": key_id, "PendingWindowInDays": 7})
