"""moto ignores the condition of a Deny in a bucket policy, so that a policy that requires TLS would deny every request. Ignore such statements."""

import json

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket


def install():
    def get_permission(self, action, resource):
        statements = json.loads(self.policy)["Statement"] if self.policy else []
        unconditional = [statement for statement in statements if "Condition" not in statement]
        if not unconditional:
            return PermissionResult.NEUTRAL
        return IAMPolicy(json.dumps({"Statement": unconditional})).is_action_permitted(action, resource)

    FakeBucket.get_permission = get_permission
