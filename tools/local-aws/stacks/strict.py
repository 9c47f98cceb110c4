"""No type is accepted that nothing implements: moto skips those without a word, and the stack would look deployed."""

import json

from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack

from . import types  # noqa: F401 - each declares itself
from .resource import declared

# Types of moto's that apply what a template says of them: looked through one by one, in the version that is pinned.
MOTOS_OWN = {
    "AWS::CloudWatch::Dashboard": {"DashboardName", "DashboardBody"},
    "AWS::Events::Rule": {"Name", "Description", "EventPattern", "ScheduleExpression", "State", "RoleArn", "EventBusName", "Targets", "Tags"},
    "AWS::IAM::Policy": {"PolicyName", "PolicyDocument", "Roles", "Users", "Groups"},
    "AWS::KMS::Alias": {"AliasName", "TargetKeyId"},
    "AWS::SSM::Parameter": {"Name", "Type", "Value", "Description", "AllowedPattern", "DataType", "Tier", "Policies", "Tags"},
}

# Policies of a resource that outlives its stack.
KEPT = {"Retain", "RetainExceptOnCreate"}

# On AWS, too, this makes nothing.
NOTHING = "AWS::CDK::Metadata"


def problem_of(logical_id, body):
    """Why a resource can not be deployed here, if so."""
    kind = body["Type"]
    if kind == NOTHING or kind in declared():
        return None
    if kind not in MOTOS_OWN:
        return f"the local AWS has no {kind} ({logical_id}): it deploys nothing that it would have to pretend. See docs/how-to/local-aws.md"
    unknown = sorted(set(body.get("Properties", {})) - MOTOS_OWN[kind])
    return f"the local AWS does not apply {', '.join(unknown)} of {kind} ({logical_id}). See docs/how-to/local-aws.md" if unknown else None


def refuse(template):
    """Before anything is made. What a condition may leave out is judged when it is made."""
    parsed = json.loads(template) if template.lstrip().startswith("{") else parse_yaml(template)
    problems = [problem_of(name, body) for name, body in parsed.get("Resources", {}).items() if "Condition" not in body]
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
        return None if kind == NOTHING else declared().get(kind) or moto_class_of(kind)

    def parse(body, resources):
        problem = problem_of("a resource of " + str(resources["AWS::StackName"]), body)
        if problem:
            raise ValidationError(message=problem)
        return None if body["Type"] == NOTHING else moto_parse(body, resources)

    def delete(self, made, body):
        # moto keeps what is to be retained when a stack goes, and removes it when a template drops it. What a creation made and failed is
        # undone elsewhere: rollback.py.
        if body.get("DeletionPolicy") not in KEPT:
            moto_delete(self, made, body)

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
        setattr(owner, name, judged(getattr(owner, name), position))


def judged(operation, position):
    def run(self, *arguments, **named):
        template = named["template"] if "template" in named else arguments[position]
        if template:
            refuse(template)
        return operation(self, *arguments, **named)

    return run
