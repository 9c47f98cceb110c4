"""An operation that fails is undone as CloudFormation undoes it: what it made goes again, but for what is kept in every case. moto leaves it all,
so that the next try would end in "already exists" whatever a template says.
"""

from moto.cloudformation.parsing import ResourceMap

# As moto has it: before any other part of this says what is kept.
delete = ResourceMap._delete_resource


def install():
    for name in ("create", "update"):
        setattr(ResourceMap, name, undone(getattr(ResourceMap, name)))


def undone(operation):
    def run(self, template, *rest, **named):
        before, bodies = set(self._parsed_resources), self._resource_json_map
        try:
            return operation(self, template, *rest, **named)
        except Exception:
            take_back(self, before, template["Resources"])
            self._template, self._resource_json_map = {**self._template, "Resources": bodies}, bodies
            raise

    return run


def take_back(resources, before, bodies):
    """In passes, since what was made may lean on other things that were made."""
    made = [name for name in resources._parsed_resources if name in bodies and name not in before]
    while made:
        left = []
        for name in reversed(made):
            resource = resources._parsed_resources[name]
            try:
                if resource is not None and bodies[name].get("DeletionPolicy") != "Retain":
                    delete(resources, resource, bodies[name])
            except Exception:
                left.append(name)
            else:
                del resources._parsed_resources[name]
        if len(left) == len(made):
            return
        made = left[::-1]
