"""What LiteLLM's own Helm chart makes of its default values, as manifests, to compare a stack with.

The facts are those of `helm/litellm-helm` in https://github.com/BerriAI/litellm, version 1.1.3: `values.yaml` of commit
043568e, `templates/deployment.yaml` of commit 0330217. What differs from the defaults:

- `db.useExisting`, with a database that is there already.
- `service.type` is NodePort.
- `image` is what the stack runs. `pullPolicy` is IfNotPresent, as the nodes of the test cluster reach no registry.
- `podSecurityContext`, `securityContext` and `envVars` are what an image that was built here needs to run without root,
  and what the restricted Pod Security Standard demands.
- The migration runs before the pods, as with `migrationJob.hooks.helm.enabled`. Its command is the one that the chart's
  `prisma_migration.py` begins with: an image that was built here holds no sources of LiteLLM.
"""
