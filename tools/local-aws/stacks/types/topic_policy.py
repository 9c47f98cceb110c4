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
    def delete(region, account, name, properties):
        """A topic always has a policy: it gets the one that it was made with, by which its own account may publish."""
        for topic in properties["Topics"]:
            statement = {
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": ["SNS:Publish", "SNS:Subscribe"],
                "Resource": topic,
                "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
            }
            policy = {"Version": "2008-10-17", "Statement": [statement]}
            asked = {"TopicArn": topic, "AttributeName": "Policy", "AttributeValue": policy}
            # moto takes a stack's resources away in any order: the topic may have gone before its policy.
            call("sns", "SetTopicAttributes", region, asked, but_for="NotFound")
