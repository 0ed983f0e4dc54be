"""What the hardening promised: prod's settings against baseline's."""
