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
            raise ValidationError(message=f"the local AWS does not support webhooks of AWS::CodeBuild::Project ({name}), since nothing can call them")
        if properties.get("Visibility", "PRIVATE") != "PRIVATE":
            raise ValidationError(message=f"the local AWS does not support public builds of AWS::CodeBuild::Project ({name})")
        supported = {key: value for key, value in properties.items() if key not in ("Triggers", "Visibility")}
        # moto's CreateProject rejects the source type CODEPIPELINE, so validate the request with the API's model and create the project directly.
        parameters = request("codebuild", "CreateProject", region, {**supported, "Name": name})
        project = CodeBuild(
            account,
            region,
            project_name=name,
            description=parameters.get("description"),
            project_source=parameters["source"],
            artifacts=parameters["artifacts"],
            environment=parameters["environment"],
            serviceRole=parameters["serviceRole"],
            tags=parameters.get("tags"),
            cache=parameters.get("cache"),
            timeout=parameters.get("timeoutInMinutes"),
            queued_timeout=parameters.get("queuedTimeoutInMinutes"),
            source_version=parameters.get("sourceVersion"),
            logs_config=parameters.get("logsConfig"),
            vpc_config=parameters.get("vpcConfig"),
        )
        project.project_metadata.update(parameters)
        backend = codebuild_backends[account][region]
        backend.codebuild_projects[name] = project
        backend.build_history.setdefault(name, [])
        return name, {"Arn": project.arn}

    update = create

    @staticmethod
    def delete(region, account, name, properties):
        call("codebuild", "DeleteProject", region, {"Name": name})
