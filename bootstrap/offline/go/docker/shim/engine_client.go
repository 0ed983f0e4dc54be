package shim

import (
	"context"
	"net/http"

	"github.com/docker/docker/client"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// createThrough makes containers by requests that go through another transport. choose returns what wraps the engine's
// own one for a container, or nil if nothing does.
func createThrough(container *schema.Resource, choose func(*schema.ResourceData) func(http.RoundTripper) http.RoundTripper) {
	create := container.CreateContext
	container.CreateContext = func(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
		wrap := choose(d)
		if wrap == nil {
			return create(ctx, d, meta)
		}
		config := *meta.(*provider.ProviderConfig)
		engine, err := through(config.DockerClient, wrap)
		if err != nil {
			return diag.FromErr(err)
		}
		config.DockerClient = engine
		return create(ctx, d, &config)
	}
}

// through returns a client of the same engine whose requests go through another transport. The engine is behind a
// socket of this machine (docs/adr/0027).
func through(engine *client.Client, wrap func(http.RoundTripper) http.RoundTripper) (*client.Client, error) {
	return client.NewClientWithOpts(
		client.WithHost(engine.DaemonHost()),
		client.WithVersion(engine.ClientVersion()),
		client.WithHTTPClient(&http.Client{Transport: wrap(engine.HTTPClient().Transport)}),
	)
}
