"""Calls of the local AWS's own APIs, held against botocore's model of them: what an API does not know fails, it is never dropped."""

import json
import re
from functools import lru_cache

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.validate import ParamValidator
from moto.cloudformation.exceptions import ValidationError

_address = None


def listen_at(port):
    """Says where this very server answers."""
    global _address
    _address = f"http://127.0.0.1:{port}"


@lru_cache(maxsize=None)
def client(service, region):
    # No retries: a request that this server refused once it refuses again.
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=_address,
        aws_access_key_id="stacks",
        aws_secret_access_key="stacks",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


def call(service, operation, region, parameters, but_for=None):
    """
    Calls an operation with parameters as a template spells them. A refusal fails the stack with the API's own words, but for one of the
    code `but_for`: what is to be taken away and is not there.
    """
    try:
        method = "_".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", operation)).lower()
        return getattr(client(service, region), method)(**request(service, operation, region, parameters))
    except (BotoCoreError, ClientError) as error:
        if but_for and isinstance(error, ClientError) and error.response["Error"]["Code"] == but_for:
            return {}
        raise ValidationError(message=f"{operation}: {error}") from error


def request(service, operation, region, parameters):
    """The request in the API's spelling. Raises ValidationError where a name, a type or a value is not the API's."""
    shape = client(service, region).meta.service_model.operation_model(operation).input_shape
    spelled = spell(shape, parameters, operation)
    report = ParamValidator().validate(spelled, shape)
    if report.has_errors():
        raise ValidationError(message=f"{operation}: {report.generate_report()}")
    return spelled


def spell(shape, value, path):
    """CloudFormation writes BuildSpec where CodeBuild writes buildspec, and true as text: the API's model decides."""
    kind = shape.type_name
    if kind == "structure":
        names = {name.lower(): name for name in shape.members}
        spelled = {}
        for key, member in value.items():
            name = names.get(key.lower())
            if name is None:
                raise ValidationError(message=f"{path}: the API has no property {key}")
            spelled[name] = spell(shape.members[name], member, f"{path}.{name}")
        return spelled
    if kind == "list":
        return [spell(shape.member, member, f"{path}[{index}]") for index, member in enumerate(value)]
    if kind == "map":
        return {key: spell(shape.value, member, f"{path}.{key}") for key, member in value.items()}
    if kind == "boolean":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if kind in ("integer", "long"):
        return int(value)
    if kind in ("float", "double"):
        return float(value)
    if kind == "string":
        text = value if isinstance(value, str) else json.dumps(value)
        choices = getattr(shape, "enum", None)
        if choices and text not in choices:
            raise ValidationError(message=f"{path}: {text} is none of {', '.join(choices)}")
        return text
    return value
