"""What every other family needs: a stack's files, state, history, commit, engine and gateway."""
