from ..api import call
from ..resource import resource


@resource("AWS::CloudWatch::Alarm", "AlarmName")
class Alarm:
    attributes = ("Arn",)

    @staticmethod
    def create(region, account, name, properties):
        call("cloudwatch", "PutMetricAlarm", region, {**properties, "AlarmName": name})
        return name, {"Arn": f"arn:aws:cloudwatch:{region}:{account}:alarm:{name}"}

    update = create

    @staticmethod
    def delete(region, account, name, properties):
        call("cloudwatch", "DeleteAlarms", region, {"AlarmNames": [name]})
