"""CloudFormation of the local AWS: the resource types of a release pipeline that moto does not implement or implements in part. All others are errors."""
