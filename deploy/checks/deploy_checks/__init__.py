"""Checks of what stands in deploy/, where no container engine and no cluster run. `scripts/deploy-check` runs them."""
