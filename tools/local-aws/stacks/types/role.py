import json

from ..api import call
from ..resource import resource


@resource("AWS::IAM::Role", "RoleName")
class Role:
    """moto's own ignores managed policies, and an update of it changes neither trust nor rights."""

    attributes = ("Arn", "RoleId")
    apart = ("Policies", "ManagedPolicyArns", "PermissionsBoundary")

    @classmethod
    def create(cls, region, account, name, properties):
        given = {key: value for key, value in properties.items() if key not in cls.apart}
        role = call("iam", "CreateRole", region, {**given, "RoleName": name})["Role"]
        cls.give(region, name, properties)
        return name, {"Arn": role["Arn"], "RoleId": role["RoleId"]}

    @classmethod
    def update(cls, region, account, name, properties):
        described = {"Description": properties.get("Description", ""), "MaxSessionDuration": properties.get("MaxSessionDuration", 3600)}
        call("iam", "UpdateRole", region, {"RoleName": name, **described})
        call("iam", "UpdateAssumeRolePolicy", region, {"RoleName": name, "PolicyDocument": properties["AssumeRolePolicyDocument"]})
        cls.take(region, name, keep={policy["PolicyName"] for policy in properties.get("Policies", [])}, attached=set(managed(properties)))
        if not properties.get("PermissionsBoundary"):
            call("iam", "DeleteRolePermissionsBoundary", region, {"RoleName": name})
        cls.give(region, name, properties)
        role = call("iam", "GetRole", region, {"RoleName": name})["Role"]
        return name, {"Arn": role["Arn"], "RoleId": role["RoleId"]}

    @classmethod
    def delete(cls, region, account, name, properties):
        cls.take(region, name, keep=set(), attached=set())
        call("iam", "DeleteRole", region, {"RoleName": name})

    @staticmethod
    def give(region, name, properties):
        for policy in properties.get("Policies", []):
            document = json.dumps(policy["PolicyDocument"])
            call("iam", "PutRolePolicy", region, {"RoleName": name, "PolicyName": policy["PolicyName"], "PolicyDocument": document})
        for arn in managed(properties):
            call("iam", "AttachRolePolicy", region, {"RoleName": name, "PolicyArn": arn})
        if properties.get("PermissionsBoundary"):
            call("iam", "PutRolePermissionsBoundary", region, {"RoleName": name, "PermissionsBoundary": properties["PermissionsBoundary"]})

    @staticmethod
    def take(region, name, keep, attached):
        role = {"RoleName": name}
        for policy in call("iam", "ListRolePolicies", region, role)["PolicyNames"]:
            if policy not in keep:
                call("iam", "DeleteRolePolicy", region, {**role, "PolicyName": policy})
        for policy in call("iam", "ListAttachedRolePolicies", region, role)["AttachedPolicies"]:
            if policy["PolicyArn"] not in attached:
                call("iam", "DetachRolePolicy", region, {**role, "PolicyArn": policy["PolicyArn"]})


def managed(properties):
    return [arn for arn in properties.get("ManagedPolicyArns", []) if arn]
