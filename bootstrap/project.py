"""Paths in this checkout. Bootstrap writes to .cache and .venv only, apart from .passphrase."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
LOGS = CACHE / "logs"
VENV = ROOT / ".venv"
PULUMI_ROOT = CACHE / "pulumi"
PULUMI_BIN = PULUMI_ROOT / "bin"
PULUMI_HOME = PULUMI_ROOT / "home"
GO_MODULE = ROOT / "bootstrap" / "offline" / "go"
KUBERNETES_GO_MODULE = ROOT / "bootstrap" / "offline" / "go_kubernetes"
PASSPHRASE = ROOT / ".passphrase"
