from ..api import call
from ..resource import resource


@resource("AWS::ECR::Repository", "RepositoryName")
class Repository:
    """moto ignores the repository policy and the lifecycle policy."""

    attributes = ("Arn", "RepositoryUri")
    separate_calls = ("LifecyclePolicy", "RepositoryPolicyText", "EmptyOnDelete", "ImageTagMutabilityExclusionFilters")

    @classmethod
    def create(cls, region, account, name, properties):
        parameters = {key: value for key, value in properties.items() if key not in cls.separate_calls}
        call("ecr", "CreateRepository", region, {**parameters, "RepositoryName": name, **mutability_exclusions(properties)})
        return cls.apply_policies(region, name, properties)

    @classmethod
    def update(cls, region, account, name, properties):
        mutability = {"ImageTagMutability": properties.get("ImageTagMutability", "MUTABLE"), **mutability_exclusions(properties)}
        call("ecr", "PutImageTagMutability", region, {"RepositoryName": name, **mutability})
        scanning = properties.get("ImageScanningConfiguration", {"ScanOnPush": False})
        call("ecr", "PutImageScanningConfiguration", region, {"RepositoryName": name, "ImageScanningConfiguration": scanning})
        return cls.apply_policies(region, name, properties)

    @staticmethod
    def apply_policies(region, name, properties):
        repository = {"RepositoryName": name}
        lifecycle = properties.get("LifecyclePolicy", {}).get("LifecyclePolicyText")
        if lifecycle:
            call("ecr", "PutLifecyclePolicy", region, {**repository, "LifecyclePolicyText": lifecycle})
        else:
            call("ecr", "DeleteLifecyclePolicy", region, repository, ignored_error="LifecyclePolicyNotFoundException")
        if "RepositoryPolicyText" in properties:
            call("ecr", "SetRepositoryPolicy", region, {**repository, "PolicyText": properties["RepositoryPolicyText"]})
        else:
            call("ecr", "DeleteRepositoryPolicy", region, repository, ignored_error="RepositoryPolicyNotFoundException")
        described = call("ecr", "DescribeRepositories", region, {"RepositoryNames": [name]})["repositories"][0]
        return name, {"Arn": described["repositoryArn"], "RepositoryUri": described["repositoryUri"]}

    @staticmethod
    def delete(region, account, name, properties):
        # As on AWS, a repository with images is deleted only with EmptyOnDelete.
        force = str(properties.get("EmptyOnDelete", False)).lower() == "true"
        call("ecr", "DeleteRepository", region, {"RepositoryName": name, "Force": force})


def mutability_exclusions(properties):
    filters = properties.get("ImageTagMutabilityExclusionFilters")
    if not filters:
        return {}
    prefix = "ImageTagMutabilityExclusionFilter"
    return {f"{prefix}s": [{"FilterType": each[f"{prefix}Type"], "Filter": each[f"{prefix}Value"]} for each in filters]}
