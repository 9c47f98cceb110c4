"""Rolls back a failed stack operation as CloudFormation does: deletes the resources that it created, except for those with DeletionPolicy Retain.
moto keeps all of them, and the next attempt fails with "already exists".
"""

from moto.cloudformation.parsing import ResourceMap

# moto's own function, without the retention rules of strict.py.
delete = ResourceMap._delete_resource


def install():
    for name in ("create", "update"):
        setattr(ResourceMap, name, with_rollback(getattr(ResourceMap, name)))


def with_rollback(operation):
    def run(self, template, *rest, **named):
        before, bodies = set(self._parsed_resources), self._resource_json_map
        try:
            return operation(self, template, *rest, **named)
        except Exception:
            delete_created(self, before, template["Resources"])
            self._template, self._resource_json_map = {**self._template, "Resources": bodies}, bodies
            raise

    return run


def delete_created(resources, before, bodies):
    """Repeats, since a resource may depend on others that were created."""
    created = [name for name in resources._parsed_resources if name in bodies and name not in before]
    while created:
        remaining = []
        for name in reversed(created):
            resource = resources._parsed_resources[name]
            try:
                if resource is not None and bodies[name].get("DeletionPolicy") != "Retain":
                    delete(resources, resource, bodies[name])
            except Exception:
                remaining.append(name)
            else:
                del resources._parsed_resources[name]
        if len(remaining) == len(created):
            return
        created = remaining[::-1]
