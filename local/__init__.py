"""The embedded runtime and the sandbox: everything that runs on a laptop and never ships to Lambda."""
