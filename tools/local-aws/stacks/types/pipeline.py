from ..api import call
from ..resource import resource


@resource("AWS::CodePipeline::Pipeline", "Name")
class Pipeline:
    attributes = ("Version",)

    @staticmethod
    def declaration(name, properties):
        # RestartExecutionOnUpdate is an instruction to CloudFormation, not a property of the pipeline.
        parameters = {key: value for key, value in properties.items() if key not in ("Tags", "RestartExecutionOnUpdate")}
        return {**parameters, "Name": name, "Version": 1}

    @classmethod
    def create(cls, region, account, name, properties):
        tags = properties.get("Tags", [])
        call("codepipeline", "CreatePipeline", region, {"Pipeline": cls.declaration(name, properties), "Tags": tags})
        return name, {"Version": "1"}

    @classmethod
    def update(cls, region, account, name, properties):
        updated = call("codepipeline", "UpdatePipeline", region, {"Pipeline": cls.declaration(name, properties)})
        return name, {"Version": str(updated["pipeline"]["version"])}

    @staticmethod
    def delete(region, account, name, properties):
        call("codepipeline", "DeletePipeline", region, {"Name": name})
