package shim

import (
	"net/http"

	"github.com/docker/docker/client"
)

// through returns a client of the same engine whose requests go through another transport. The engine is behind a
// socket of this machine (docs/adr/0027).
func through(engine *client.Client, wrap func(http.RoundTripper) http.RoundTripper) (*client.Client, error) {
	return client.NewClientWithOpts(
		client.WithHost(engine.DaemonHost()),
		client.WithVersion(engine.ClientVersion()),
		client.WithHTTPClient(&http.Client{Transport: wrap(engine.HTTPClient().Transport)}),
	)
}
