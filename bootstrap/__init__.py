"""Make a machine ready for the first `pulumi up`: Docker, Pulumi with its plugins, images, a passphrase.

`observe.py` gathers the facts (`machine.py`), `plan.py` turns them into steps without asking or changing anything,
`execution/` runs the steps. `steps/` holds what any machine may need. `offline/` holds what only a machine needs that
cannot reach Pulumi's site or the image registries.
"""
