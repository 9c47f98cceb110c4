from moto.cloudformation.exceptions import ValidationError

from ..api import call
from ..resource import resource


@resource("AWS::KMS::Key")
class Key:
    """moto ignores KeySpec and KeyUsage, so that a signing key would be an encryption key."""

    attributes = ("Arn", "KeyId")
    separate_calls = ("KeyPolicy", "EnableKeyRotation", "PendingWindowInDays", "Tags")
    immutable = ("KeySpec", "KeyUsage")

    @classmethod
    def create(cls, region, account, name, properties):
        parameters = {key: value for key, value in properties.items() if key not in cls.separate_calls}
        tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in properties.get("Tags", [])]
        key = call("kms", "CreateKey", region, {**parameters, "Tags": tags, "Policy": properties["KeyPolicy"]})["KeyMetadata"]
        cls.set_rotation(region, key["KeyId"], properties)
        return key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]}

    @classmethod
    def update(cls, region, account, key_id, properties):
        key = call("kms", "DescribeKey", region, {"KeyId": key_id})["KeyMetadata"]
        for name in cls.immutable:
            if name in properties and properties[name] != key[name]:
                raise ValidationError(message=f"{name} of a key cannot be changed ({key[name]} to {properties[name]}): create another key")
        call("kms", "PutKeyPolicy", region, {"KeyId": key_id, "PolicyName": "default", "Policy": properties["KeyPolicy"]})
        call("kms", "UpdateKeyDescription", region, {"KeyId": key_id, "Description": properties.get("Description", "")})
        cls.set_rotation(region, key_id, properties)
        return key_id, {"Arn": key["Arn"], "KeyId": key_id}

    @staticmethod
    def set_rotation(region, key_id, properties):
        if "EnableKeyRotation" in properties:
            enabled = str(properties["EnableKeyRotation"]).lower() == "true"
            call("kms", "EnableKeyRotation" if enabled else "DisableKeyRotation", region, {"KeyId": key_id})

    @staticmethod
    def delete(region, account, key_id, properties):
        call("kms", "ScheduleKeyDeletion", region, {"KeyId": key_id, "PendingWindowInDays": 7})
