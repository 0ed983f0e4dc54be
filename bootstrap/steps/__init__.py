"""The steps that any machine may need: Docker, Pulumi, a browser, the image source, a passphrase."""
