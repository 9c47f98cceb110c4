"""moto returns the times of a pipeline as text. The API has seconds since 1970, and typed clients cannot parse anything else."""

from moto.codepipeline.models import CodePipeline


def install():
    CodePipeline.metadata = property(
        lambda self: {"pipelineArn": self._arn, "created": self._created.timestamp(), "updated": self._updated.timestamp()}
    )
