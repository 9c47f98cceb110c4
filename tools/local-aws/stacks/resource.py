"""Declares a CloudFormation resource type by a class that calls APIs.

The class has `create(region, account, name, properties)` and `update(region, account, id, properties)`, which return the physical id and the
values for Fn::GetAtt, and `delete(region, account, id, properties)`. `attributes` lists the attributes of Fn::GetAtt.
"""

from moto.core.common_models import CloudFormationModel

_types = {}


def resource(type_name, name_property=""):
    def declare(spec):
        class Resource(CloudFormationModel):
            # moto stores instances by the second part of the module's name.
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
                # A new name means a new resource: create it before deleting the old one.
                created = cls(*spec.create(region_name, account_id, new_resource_name, properties), properties)
                if cloudformation_json.get("UpdateReplacePolicy") != "Retain":
                    spec.delete(region_name, account_id, old, original_resource.properties)
                return created

            def delete(self, account_id, region_name):
                spec.delete(region_name, account_id, self.physical_resource_id, self.properties)

        Resource.__name__ = Resource.__qualname__ = type_name.replace("::", "")
        _types[type_name] = Resource
        return spec

    return declare


def declared():
    return dict(_types)
