"""The entries of `model_list` that share a name."""

from dataclasses import dataclass, field
from typing import Any

from components.models.model import CHAT
from ops.adopt.mapping.models.names import inferred_mode


@dataclass
class ModelGroup:
    """The entries of one name."""

    name: str
    file: str
    """Of the new model, without .yaml."""
    deployments: list[dict[str, Any]] = field(default_factory=list)
    info: list[dict[str, Any]] = field(default_factory=list)
    """`model_info` of each deployment."""
    entries: list[int] = field(default_factory=list)
    """Their places in model_list."""
    unchecked: list[str] = field(default_factory=list)

    def take_mode(self) -> tuple[str, bool]:
        """Remove the mode from what is stated of the model; return it, and whether it is only told by the name."""
        modes = [str(info.pop("mode")) for info in self.info if "mode" in info]
        if modes:
            return modes[0], False
        mode = inferred_mode(f"{self.deployments[0]['model']} {self.name}")
        return mode, mode != CHAT

    def shared_info(self) -> dict[str, Any]:
        """Return what is stated of all deployments alike."""
        first = self.info[0]
        return {key: first[key] for key in first if all(key in info and info[key] == first[key] for info in self.info)}

    def document(self, mode: str) -> dict[str, Any]:
        """Return the keys of the model's file."""
        name = {} if self.file == self.name else {"name": self.name}
        kind = {"mode": mode} if mode != CHAT else {}
        several = len(self.deployments) > 1
        body = {**kind, "deployments": self.deployments} if several else {**self.deployments[0], **kind}
        info = self.shared_info()
        more = {**({"model_info": info} if info else {}), **({"unchecked": True} if self.unchecked else {})}
        return {**name, **body, **more}
