"""CloudFormation for the local AWS: the types that a release pipeline needs and moto lacks or only half applies, and strictness about all others."""
