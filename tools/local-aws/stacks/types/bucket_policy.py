from ..api import call
from ..resource import resource


@resource("AWS::S3::BucketPolicy")
class BucketPolicy:
    attributes = ()

    @staticmethod
    def create(region, account, name, properties):
        call("s3", "PutBucketPolicy", region, {"Bucket": properties["Bucket"], "Policy": properties["PolicyDocument"]})
        return properties["Bucket"], {}

    update = create

    @staticmethod
    def delete(region, account, bucket, properties):
        call("s3", "DeleteBucketPolicy", region, {"Bucket": bucket})
