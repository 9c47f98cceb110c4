"""Change sets as the CDK's command line uses them: each belongs to its stack, and a parameter keeps the value it was given."""

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
    """moto fails where there is nothing to delete; AWS does not."""
    self.cloudformation_backend.change_sets.pop(arn_of(self), None)
    return EmptyResult()


def scoped(operation):
    """moto finds a change set by its name alone, and the CDK gives those of all stacks one name."""

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
    """moto takes UsePreviousValue of an SSM parameter for the parameter's content, and looks that up once more."""

    def run(self):
        get, stack_name = self._get_param, self._get_param("StackName")
        stacks = [stack for stack in self.cloudformation_backend.stacks.values() if stack_name in (stack.name, stack.stack_id)]
        known = stacks[0].resource_map.input_parameters if stacks else {}

        def get_param(name, *rest):
            value = get(name, *rest)
            if name != "Parameters" or not value:
                return value
            # One that was never given has the template's default.
            return [
                given if "ParameterValue" in given else {"ParameterKey": given["ParameterKey"], "ParameterValue": str(known[given["ParameterKey"]])}
                for given in value
                if "ParameterValue" in given or given["ParameterKey"] in known
            ]

        self._get_param = get_param
        try:
            return operation(self)
        finally:
            del self._get_param

    return run
