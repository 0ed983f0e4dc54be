"""PersistentVolumeClaims: the volumes of data."""

from components.engine.kubernetes.manifests.metadata import SKIP_AWAIT, Manifest, Metadata


def volume_claim(metadata: Metadata, name: str, *, size_gib: int, storage_class: str | None) -> Manifest:
    """Return the claim of a volume. Its name is Pulumi's: one that was kept must not be in the way of the next."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        # Many StorageClasses make a volume only once a pod needs it.
        "metadata": metadata.of(name, annotations=SKIP_AWAIT),
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": f"{size_gib}Gi"}},
            **({"storageClassName": storage_class} if storage_class else {}),
        },
    }
