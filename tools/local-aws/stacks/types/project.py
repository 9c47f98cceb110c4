from moto.cloudformation.exceptions import ValidationError
from moto.codebuild.models import CodeBuild, codebuild_backends

from ..api import call, request
from ..resource import resource


@resource("AWS::CodeBuild::Project", "Name")
class Project:
    attributes = ("Arn",)

    @staticmethod
    def create(region, account, name, properties):
        if properties.get("Triggers", {}).get("Webhook"):
            raise ValidationError(message=f"the local AWS has no webhooks of AWS::CodeBuild::Project ({name}): nothing here could call them")
        if properties.get("Visibility", "PRIVATE") != "PRIVATE":
            raise ValidationError(message=f"the local AWS shows no builds to the public ({name})")
        given = {key: value for key, value in properties.items() if key not in ("Triggers", "Visibility")}
        # Past moto's CreateProject, which refuses a source of CODEPIPELINE; what it would have checked, and more, the API's model has.
        asked = request("codebuild", "CreateProject", region, {**given, "Name": name})
        made = CodeBuild(
            account,
            region,
            project_name=name,
            description=asked.get("description"),
            project_source=asked["source"],
            artifacts=asked["artifacts"],
            environment=asked["environment"],
            serviceRole=asked["serviceRole"],
            tags=asked.get("tags"),
            cache=asked.get("cache"),
            timeout=asked.get("timeoutInMinutes"),
            queued_timeout=asked.get("queuedTimeoutInMinutes"),
            source_version=asked.get("sourceVersion"),
            logs_config=asked.get("logsConfig"),
            vpc_config=asked.get("vpcConfig"),
        )
        made.project_metadata.update(asked)
        backend = codebuild_backends[account][region]
        backend.codebuild_projects[name] = made
        backend.build_history.setdefault(name, [])
        return name, {"Arn": made.arn}

    update = create

    @staticmethod
    def delete(region, account, name, properties):
        call("codebuild", "DeleteProject", region, {"Name": name})
