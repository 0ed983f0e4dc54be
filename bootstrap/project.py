"""Where things lie in this checkout. Everything bootstrap makes is under .cache and .venv, but for .passphrase."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
LOGS = CACHE / "logs"
VENV = ROOT / ".venv"
PULUMI_ROOT = CACHE / "pulumi"
PULUMI_BIN = PULUMI_ROOT / "bin"
PULUMI_HOME = PULUMI_ROOT / "home"
GO_MODULE = ROOT / "bootstrap" / "go"
PASSPHRASE = ROOT / ".passphrase"
