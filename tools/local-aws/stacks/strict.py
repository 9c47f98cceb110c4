"""Rejects resource types and properties that nothing implements. moto ignores them, and the stack would look deployed."""

import json

from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack

from . import types  # noqa: F401 - each module declares its type
from .resource import declared

# Types whose implementation in moto applies these properties, as reviewed for the pinned version.
MOTO_PROPERTIES = {
    "AWS::CloudWatch::Dashboard": {"DashboardName", "DashboardBody"},
    "AWS::Events::Rule": {"Name", "Description", "EventPattern", "ScheduleExpression", "State", "RoleArn", "EventBusName", "Targets", "Tags"},
    "AWS::IAM::Policy": {"PolicyName", "PolicyDocument", "Roles", "Users", "Groups"},
    "AWS::KMS::Alias": {"AliasName", "TargetKeyId"},
    "AWS::SSM::Parameter": {"Name", "Type", "Value", "Description", "AllowedPattern", "DataType", "Tier", "Policies", "Tags"},
}

# Deletion policies of a resource that stays when its stack is deleted.
RETAINED = {"Retain", "RetainExceptOnCreate"}

# This type creates nothing on AWS either.
NO_RESOURCE = "AWS::CDK::Metadata"


def find_problem(logical_id, body):
    """Why a resource cannot be deployed here, or None."""
    kind = body["Type"]
    if kind == NO_RESOURCE or kind in declared():
        return None
    if kind not in MOTO_PROPERTIES:
        return f"the local AWS does not implement {kind} ({logical_id}). See docs/how-to/local-aws.md"
    unknown = sorted(set(body.get("Properties", {})) - MOTO_PROPERTIES[kind])
    return f"the local AWS does not apply {', '.join(unknown)} of {kind} ({logical_id}). See docs/how-to/local-aws.md" if unknown else None


def validate(template):
    """Validates a template before any resource is created. Resources with a condition are validated when they are created."""
    parsed = json.loads(template) if template.lstrip().startswith("{") else parse_yaml(template)
    problems = [find_problem(name, body) for name, body in parsed.get("Resources", {}).items() if "Condition" not in body]
    found = [problem for problem in problems if problem]
    if found:
        raise ValidationError(message="; ".join(found))


def parse_yaml(template):
    import yaml
    from moto.cloudformation.utils import yaml_tag_constructor

    yaml.add_multi_constructor("", yaml_tag_constructor)
    return yaml.load(template, Loader=yaml.Loader)


def install():
    moto_class_of, moto_parse, moto_delete = parsing.resource_class_from_type, parsing.parse_resource, parsing.ResourceMap._delete_resource

    def class_of(kind):
        return None if kind == NO_RESOURCE else declared().get(kind) or moto_class_of(kind)

    def parse(body, resources):
        problem = find_problem("a resource of " + str(resources["AWS::StackName"]), body)
        if problem:
            raise ValidationError(message=problem)
        return None if body["Type"] == NO_RESOURCE else moto_parse(body, resources)

    def delete(self, resource, body):
        # moto keeps a retained resource when its stack is deleted, but not when the template drops it. rollback.py handles failed creations.
        if body.get("DeletionPolicy") not in RETAINED:
            moto_delete(self, resource, body)

    name_of = parsing.resource_name_property_from_type
    parsing.resource_class_from_type = class_of
    parsing.resource_name_property_from_type = lambda kind: declared()[kind].cloudformation_name_type() if kind in declared() else name_of(kind)
    parsing.parse_resource = parse
    parsing.ResourceMap._delete_resource = delete
    for owner, name, position in (
        (CloudFormationBackend, "create_change_set", 2),
        (CloudFormationBackend, "create_stack", 1),
        (Stack, "update", 0),
    ):
        setattr(owner, name, with_validation(getattr(owner, name), position))


def with_validation(operation, position):
    def run(self, *arguments, **named):
        template = named["template"] if "template" in named else arguments[position]
        if template:
            validate(template)
        return operation(self, *arguments, **named)

    return run
