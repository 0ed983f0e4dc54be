"""Whether a cluster gets an image: a pod that does nothing else pulls it."""

from collections.abc import Iterator, Sequence

from components.engine.connection.throwaway_container import ProgramFailed, ThrowawayContainer
from components.engine.kubernetes.cluster.client import FORBIDDEN, Cluster, ClusterError, Refused
from components.engine.kubernetes.image_pull import COMMAND, USER
from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.kubernetes.throwaway_pod import run_in_pod


def unavailable_images(
    cluster: Cluster, settings: KubernetesSettings, namespace: str, stack: str, references: Sequence[str]
) -> Iterator[str]:
    """Pull images; yield a sentence for each that the cluster does not get, or that does not start."""
    for reference in references:
        print(f"image {reference}: is pulled")
        container = ThrowawayContainer(stack, "image-pull", reference, USER, (COMMAND,), {}, timeout=0)
        try:
            run_in_pod(cluster, settings, namespace, container)
        except Refused as error:
            if error.status == FORBIDDEN:
                print(f"warning: whether the cluster gets {reference} is not known: {error}")
            else:
                yield f"image {reference}: {error}"
        except (ProgramFailed, ClusterError) as error:
            yield f"image {reference}: {error}"
