"""The mock provider: real HTTP in the providers' own shapes, so that a stack without API keys answers."""
