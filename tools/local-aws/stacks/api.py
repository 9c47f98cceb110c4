"""Calls to the APIs of the local AWS. botocore's model of each API validates the parameters, so that an unknown parameter is an error."""

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
    """Sets the port of this server."""
    global _address
    _address = f"http://127.0.0.1:{port}"


@lru_cache(maxsize=None)
def client(service, region):
    # No retries: this server would reject the request again.
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=_address,
        aws_access_key_id="stacks",
        aws_secret_access_key="stacks",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


def call(service, operation, region, parameters, ignored_error=None):
    """
    Calls an operation with parameters in the spelling of a template. An error of the API fails the stack, except for the code `ignored_error`,
    which says that the resource to remove does not exist.
    """
    try:
        method = "_".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", operation)).lower()
        return getattr(client(service, region), method)(**request(service, operation, region, parameters))
    except (BotoCoreError, ClientError) as error:
        if ignored_error and isinstance(error, ClientError) and error.response["Error"]["Code"] == ignored_error:
            return {}
        raise ValidationError(message=f"{operation}: {error}") from error


def request(service, operation, region, parameters):
    """The request in the spelling of the API. Raises ValidationError for a name, a type or a value that the API does not have."""
    shape = client(service, region).meta.service_model.operation_model(operation).input_shape
    spelled = spell(shape, parameters, operation)
    report = ParamValidator().validate(spelled, shape)
    if report.has_errors():
        raise ValidationError(message=f"{operation}: {report.generate_report()}")
    return spelled


def spell(shape, value, path):
    """Converts a value to the spelling and the types of the API: CloudFormation has BuildSpec for buildspec, for example, and booleans as text."""
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
            raise ValidationError(message=f"{path}: {text} is not one of {', '.join(choices)}")
        return text
    return value
