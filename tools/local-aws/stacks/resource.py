"""Makes a type of CloudFormation out of a class that calls APIs.

The class says `create(region, account, name, properties)` and `update(region, account, id, properties)`, which answer with the physical id
and the attributes of Fn::GetAtt, and `delete(region, account, id, properties)`. `attributes` names what Fn::GetAtt may ask for.
"""

from moto.core.common_models import CloudFormationModel

_types = {}


def resource(type_name, name_property=""):
    def declare(spec):
        class Resource(CloudFormationModel):
            # moto files instances under the second part of the module's name.
            __module__ = "stacks.types"

            def __init__(self, physical_id, attributes, properties):
                self.physical_resource_id, self.attributes, self.properties = physical_id, attributes, properties

            cloudformation_type = staticmethod(lambda: type_name)
            cloudformation_name_type = staticmethod(lambda: name_property)
            has_cfn_attr = classmethod(lambda cls, name: name in spec.attributes)

            def get_cfn_attribute(self, name):
                return self.attributes[name]

            @classmethod
            def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
                properties = cloudformation_json.get("Properties", {})
                return cls(*spec.create(region_name, account_id, resource_name, properties), properties)

            @classmethod
            def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
                old, properties = original_resource.physical_resource_id, cloudformation_json.get("Properties", {})
                if properties.get(name_property, old) == old:
                    return cls(*spec.update(region_name, account_id, old, properties), properties)
                # Another name is another resource: the new one is made before the old one goes.
                made = cls(*spec.create(region_name, account_id, new_resource_name, properties), properties)
                if cloudformation_json.get("UpdateReplacePolicy") != "Retain":
                    spec.delete(region_name, account_id, old, original_resource.properties)
                return made

            def delete(self, account_id, region_name):
                spec.delete(region_name, account_id, self.physical_resource_id, self.properties)

        Resource.__name__ = Resource.__qualname__ = type_name.replace("::", "")
        _types[type_name] = Resource
        return spec

    return declare


def declared():
    return dict(_types)
