from ..api import call
from ..resource import resource


@resource("AWS::CodePipeline::Pipeline", "Name")
class Pipeline:
    attributes = ("Version",)

    @staticmethod
    def declaration(name, properties):
        # This one says what CloudFormation does after an update; the pipeline itself knows nothing of it.
        given = {key: value for key, value in properties.items() if key not in ("Tags", "RestartExecutionOnUpdate")}
        return {**given, "Name": name, "Version": 1}

    @classmethod
    def create(cls, region, account, name, properties):
        tags = properties.get("Tags", [])
        call("codepipeline", "CreatePipeline", region, {"Pipeline": cls.declaration(name, properties), "Tags": tags})
        return name, {"Version": "1"}

    @classmethod
    def update(cls, region, account, name, properties):
        made = call("codepipeline", "UpdatePipeline", region, {"Pipeline": cls.declaration(name, properties)})
        return name, {"Version": str(made["pipeline"]["version"])}

    @staticmethod
    def delete(region, account, name, properties):
        call("codepipeline", "DeletePipeline", region, {"Name": name})
