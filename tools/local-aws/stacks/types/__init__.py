from . import alarm, bucket, bucket_policy, key, log_group, pipeline, project, repository, role, topic, topic_policy  # noqa: F401
