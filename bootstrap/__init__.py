"""What a machine needs before the first `pulumi up`: Docker, Pulumi with its plugins, images, a passphrase.

Observed state (machine.py, observe.py) → plan (plan.py, pure) → execution in two parallel lanes (execute.py).
"""
