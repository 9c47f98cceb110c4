"""moto denies where a bucket policy denies under a condition, whether or not the condition holds: "only by TLS" would close every bucket."""

import json

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket


def install():
    def get_permission(self, action, resource):
        statements = json.loads(self.policy)["Statement"] if self.policy else []
        plain = [statement for statement in statements if "Condition" not in statement]
        if not plain:
            return PermissionResult.NEUTRAL
        return IAMPolicy(json.dumps({"Statement": plain})).is_action_permitted(action, resource)

    FakeBucket.get_permission = get_permission
