"""Tells Pulumi's plugin for Docker which engine is meant."""

import pulumi
import pulumi_docker as docker

from components.engine.connection.endpoint import Endpoint

NAME = "docker-engine"
TYPES = "docker:"
"""Prefix of the types of Docker's resources."""


def use_endpoint(endpoint: Endpoint) -> None:
    """Give every resource of Docker a provider for this engine.

    The default socket gets none: the plugin takes it anyway, and a stack that uses it keeps its state as it is. The
    provider stands in the state, so that `pulumi refresh` and `pulumi destroy` ask the same engine.
    """
    if endpoint.is_default:
        return
    provider = docker.Provider(NAME, host=endpoint.host)

    def with_provider(resource: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if not resource.type_.startswith(TYPES):
            return None
        options = pulumi.ResourceOptions.merge(resource.opts, pulumi.ResourceOptions(provider=provider))
        return pulumi.ResourceTransformationResult(resource.props, options)

    pulumi.runtime.register_stack_transformation(with_provider)
