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
        """A topic always has a policy. Restores the default one, which allows its account to publish."""
        for topic in properties["Topics"]:
            statement = {
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": ["SNS:Publish", "SNS:Subscribe"],
                "Resource": topic,
                "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
            }
            policy = {"Version": "2008-10-17", "Statement": [statement]}
            parameters = {"TopicArn": topic, "AttributeName": "Policy", "AttributeValue": policy}
            # moto deletes the resources of a stack in any order, so the topic may not exist anymore.
            call("sns", "SetTopicAttributes", region, parameters, ignored_error="NotFound")
