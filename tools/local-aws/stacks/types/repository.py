from ..api import call
from ..resource import resource


@resource("AWS::ECR::Repository", "RepositoryName")
class Repository:
    """moto's own ignores who may pull and what expires."""

    attributes = ("Arn", "RepositoryUri")
    apart = ("LifecyclePolicy", "RepositoryPolicyText", "EmptyOnDelete", "ImageTagMutabilityExclusionFilters")

    @classmethod
    def create(cls, region, account, name, properties):
        given = {key: value for key, value in properties.items() if key not in cls.apart}
        call("ecr", "CreateRepository", region, {**given, "RepositoryName": name, **exceptions(properties)})
        return cls.settle(region, name, properties)

    @classmethod
    def update(cls, region, account, name, properties):
        mutability = {"ImageTagMutability": properties.get("ImageTagMutability", "MUTABLE"), **exceptions(properties)}
        call("ecr", "PutImageTagMutability", region, {"RepositoryName": name, **mutability})
        scanning = properties.get("ImageScanningConfiguration", {"ScanOnPush": False})
        call("ecr", "PutImageScanningConfiguration", region, {"RepositoryName": name, "ImageScanningConfiguration": scanning})
        return cls.settle(region, name, properties)

    @staticmethod
    def settle(region, name, properties):
        repository = {"RepositoryName": name}
        lifecycle = properties.get("LifecyclePolicy", {}).get("LifecyclePolicyText")
        if lifecycle:
            call("ecr", "PutLifecyclePolicy", region, {**repository, "LifecyclePolicyText": lifecycle})
        else:
            call("ecr", "DeleteLifecyclePolicy", region, repository, but_for="LifecyclePolicyNotFoundException")
        if "RepositoryPolicyText" in properties:
            call("ecr", "SetRepositoryPolicy", region, {**repository, "PolicyText": properties["RepositoryPolicyText"]})
        else:
            call("ecr", "DeleteRepositoryPolicy", region, repository, but_for="RepositoryPolicyNotFoundException")
        made = call("ecr", "DescribeRepositories", region, {"RepositoryNames": [name]})["repositories"][0]
        return name, {"Arn": made["repositoryArn"], "RepositoryUri": made["repositoryUri"]}

    @staticmethod
    def delete(region, account, name, properties):
        # As on AWS: one that holds images goes only where the template says so.
        forced = str(properties.get("EmptyOnDelete", False)).lower() == "true"
        call("ecr", "DeleteRepository", region, {"RepositoryName": name, "Force": forced})


def exceptions(properties):
    filters = properties.get("ImageTagMutabilityExclusionFilters")
    if not filters:
        return {}
    prefix = "ImageTagMutabilityExclusionFilter"
    return {f"{prefix}s": [{"FilterType": each[f"{prefix}Type"], "Filter": each[f"{prefix}Value"]} for each in filters]}
