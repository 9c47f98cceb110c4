from ..api import call
from ..resource import resource


@resource("AWS::SNS::TopicPolicy")
class TopicPolicy:
    attributes = ("Id",)

    @staticmethod
    def create(region, account, name, properties):
        for topic in properties["Topics"]:
            policy = {"TopicArn": topic, "AttributeName": "Policy", "AttributeValue": properties["PolicyDocument"]}
            call("sns", "SetTopicAttributes", region, policy)
        return name, {"Id": name}

    update = create

    @staticmethod
    def delete(region, account, name):
        """Nothing to do: a topic always has a policy, and here it goes with its stack."""
