from ..api import call
from ..resource import resource


@resource("AWS::SNS::Topic", "TopicName")
class Topic:
    """moto loses the policy and the subscriptions of a topic when it is updated."""

    attributes = ("TopicArn", "TopicName")
    settings = ("DisplayName", "KmsMasterKeyId")

    @classmethod
    def create(cls, region, account, name, properties):
        arn = call("sns", "CreateTopic", region, cls.request(name, properties))["TopicArn"]
        return arn, {"TopicArn": arn, "TopicName": name}

    @classmethod
    def request(cls, name, properties):
        parameters = {key: value for key, value in properties.items() if key not in (*cls.settings, "TopicName")}
        return {**parameters, "Name": name, "Attributes": {key: properties[key] for key in cls.settings if key in properties}}

    @classmethod
    def update(cls, region, account, arn, properties):
        name = arn.rsplit(":", 1)[1]
        if properties.get("TopicName", name) != name:
            cls.delete(region, account, arn, properties)
            return cls.create(region, account, properties["TopicName"], properties)
        call("sns", "CreateTopic", region, cls.request(name, properties))
        for key in cls.settings:
            call("sns", "SetTopicAttributes", region, {"TopicArn": arn, "AttributeName": key, "AttributeValue": properties.get(key, "")})
        return arn, {"TopicArn": arn, "TopicName": name}

    @staticmethod
    def delete(region, account, arn, properties):
        call("sns", "DeleteTopic", region, {"TopicArn": arn})
