"""Change sets as the CDK command line uses them: each belongs to a stack, and a parameter keeps its previous value."""

from moto.cloudformation.responses import CloudFormationResponse, EmptyResult
from moto.core.exceptions import ServiceException


class ChangeSetNotFound(ServiceException):
    code = "ChangeSetNotFound"


def install():
    CloudFormationResponse.delete_change_set = delete
    for name in ("describe_change_set", "execute_change_set"):
        setattr(CloudFormationResponse, name, scoped(getattr(CloudFormationResponse, name)))
    for name in ("create_change_set", "update_stack"):
        setattr(CloudFormationResponse, name, with_previous_values(getattr(CloudFormationResponse, name)))


def arn_of(self):
    name, stack = self._get_param("ChangeSetName"), self._get_param("StackName")
    for arn, change_set in self.cloudformation_backend.change_sets.items():
        if name in (arn, change_set.change_set_name) and stack in (None, change_set.stack_name, change_set.stack_id):
            return arn
    return None


def delete(self):
    """In moto, deleting a change set that does not exist is an error. On AWS it is not."""
    self.cloudformation_backend.change_sets.pop(arn_of(self), None)
    return EmptyResult()


def scoped(operation):
    """moto finds a change set by name only, and the CDK uses the same name in all stacks."""

    def run(self):
        arn, get = arn_of(self), self._get_param
        if arn is None:
            raise ChangeSetNotFound(f"ChangeSet [{get('ChangeSetName')}] does not exist")
        self._get_param = lambda name, *rest: arn if name == "ChangeSetName" else get(name, *rest)
        try:
            return operation(self)
        finally:
            del self._get_param

    return run


def with_previous_values(operation):
    """moto looks up the previous value of an SSM parameter as if it were the name of the parameter."""

    def run(self):
        get, stack_name = self._get_param, self._get_param("StackName")
        stacks = [stack for stack in self.cloudformation_backend.stacks.values() if stack_name in (stack.name, stack.stack_id)]
        previous = stacks[0].resource_map.input_parameters if stacks else {}

        def get_param(name, *rest):
            value = get(name, *rest)
            if name != "Parameters" or not value:
                return value
            # A parameter that has no previous value has the default of the template.
            return [
                parameter
                if "ParameterValue" in parameter
                else {"ParameterKey": parameter["ParameterKey"], "ParameterValue": str(previous[parameter["ParameterKey"]])}
                for parameter in value
                if "ParameterValue" in parameter or parameter["ParameterKey"] in previous
            ]

        self._get_param = get_param
        try:
            return operation(self)
        finally:
            del self._get_param

    return run
