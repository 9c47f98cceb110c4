"""moto writes the times of a pipeline as text, where the API's model says seconds since 1970: typed clients can't read them."""

from moto.codepipeline.models import CodePipeline


def install():
    CodePipeline.metadata = property(
        lambda self: {"pipelineArn": self._arn, "created": self._created.timestamp(), "updated": self._updated.timestamp()}
    )
