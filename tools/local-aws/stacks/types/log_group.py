from ..api import call
from ..resource import resource


@resource("AWS::Logs::LogGroup", "LogGroupName")
class LogGroup:
    """moto cannot update a log group."""

    attributes = ("Arn",)

    @classmethod
    def create(cls, region, account, name, properties):
        parameters = {key: value for key, value in properties.items() if key not in ("RetentionInDays", "Tags")}
        tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
        call("logs", "CreateLogGroup", region, {**parameters, "LogGroupName": name, **({"Tags": tags} if tags else {})})
        return cls.update(region, account, name, properties)

    @staticmethod
    def update(region, account, name, properties):
        if "RetentionInDays" in properties:
            call("logs", "PutRetentionPolicy", region, {"LogGroupName": name, "RetentionInDays": properties["RetentionInDays"]})
        else:
            call("logs", "DeleteRetentionPolicy", region, {"LogGroupName": name})
        return name, {"Arn": f"arn:aws:logs:{region}:{account}:log-group:{name}:*"}

    @staticmethod
    def delete(region, account, name, properties):
        call("logs", "DeleteLogGroup", region, {"LogGroupName": name})
