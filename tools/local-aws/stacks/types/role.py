import json

from ..api import call
from ..resource import resource


@resource("AWS::IAM::Role", "RoleName")
class Role:
    """moto ignores managed policies, and its update changes neither the trust policy nor the permissions."""

    attributes = ("Arn", "RoleId")
    separate_calls = ("Policies", "ManagedPolicyArns", "PermissionsBoundary")

    @classmethod
    def create(cls, region, account, name, properties):
        parameters = {key: value for key, value in properties.items() if key not in cls.separate_calls}
        role = call("iam", "CreateRole", region, {**parameters, "RoleName": name})["Role"]
        cls.add_permissions(region, name, properties)
        return name, {"Arn": role["Arn"], "RoleId": role["RoleId"]}

    @classmethod
    def update(cls, region, account, name, properties):
        settings = {"Description": properties.get("Description", ""), "MaxSessionDuration": properties.get("MaxSessionDuration", 3600)}
        call("iam", "UpdateRole", region, {"RoleName": name, **settings})
        call("iam", "UpdateAssumeRolePolicy", region, {"RoleName": name, "PolicyDocument": properties["AssumeRolePolicyDocument"]})
        cls.remove_permissions(region, name, keep={policy["PolicyName"] for policy in properties.get("Policies", [])}, attached=set(managed_policies(properties)))
        if not properties.get("PermissionsBoundary"):
            call("iam", "DeleteRolePermissionsBoundary", region, {"RoleName": name})
        cls.add_permissions(region, name, properties)
        role = call("iam", "GetRole", region, {"RoleName": name})["Role"]
        return name, {"Arn": role["Arn"], "RoleId": role["RoleId"]}

    @classmethod
    def delete(cls, region, account, name, properties):
        cls.remove_permissions(region, name, keep=set(), attached=set())
        call("iam", "DeleteRole", region, {"RoleName": name})

    @staticmethod
    def add_permissions(region, name, properties):
        for policy in properties.get("Policies", []):
            document = json.dumps(policy["PolicyDocument"])
            call("iam", "PutRolePolicy", region, {"RoleName": name, "PolicyName": policy["PolicyName"], "PolicyDocument": document})
        for arn in managed_policies(properties):
            call("iam", "AttachRolePolicy", region, {"RoleName": name, "PolicyArn": arn})
        if properties.get("PermissionsBoundary"):
            call("iam", "PutRolePermissionsBoundary", region, {"RoleName": name, "PermissionsBoundary": properties["PermissionsBoundary"]})

    @staticmethod
    def remove_permissions(region, name, keep, attached):
        role = {"RoleName": name}
        for policy in call("iam", "ListRolePolicies", region, role)["PolicyNames"]:
            if policy not in keep:
                call("iam", "DeleteRolePolicy", region, {**role, "PolicyName": policy})
        for policy in call("iam", "ListAttachedRolePolicies", region, role)["AttachedPolicies"]:
            if policy["PolicyArn"] not in attached:
                call("iam", "DetachRolePolicy", region, {**role, "PolicyArn": policy["PolicyArn"]})


def managed_policies(properties):
    return [arn for arn in properties.get("ManagedPolicyArns", []) if arn]
