"""Where a stack runs: what commands ask and change there, behind one interface."""
