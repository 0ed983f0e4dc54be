package shim

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"

	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// inspection is the path of a request for a container's state
// (https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerInspect).
var inspection = regexp.MustCompile(`/containers/[^/]+/json$`)

// unknown is the state of a container that the engine did not return.
const unknown = `{"State":{"Health":{"Status":"unhealthy"}},"Config":{},"HostConfig":{},"NetworkSettings":{}}`

// withWait keeps the wait for a healthy container from ending the plugin, and with it every other operation. This
// version's own wait goes on after its time is over, when each request fails, and reads the state that it did not get.
func withWait(p *schema.Provider) *schema.Provider {
	container := p.ResourcesMap["docker_container"]
	create := container.CreateContext
	container.CreateContext = func(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
		if !d.Get("wait").(bool) {
			return create(ctx, d, meta)
		}
		config := *meta.(*provider.ProviderConfig)
		engine, err := through(config.DockerClient, func(next http.RoundTripper) http.RoundTripper { return inspected{next} })
		if err != nil {
			return diag.FromErr(err)
		}
		config.DockerClient = engine
		return create(ctx, d, &config)
	}
	return p
}

// inspected sends requests on; one for a container's state that fails gets an unknown state.
type inspected struct {
	http.RoundTripper
}

func (i inspected) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := i.RoundTripper.RoundTrip(request)
	if !inspection.MatchString(request.URL.Path) || err == nil && response.StatusCode < http.StatusBadRequest {
		return response, err
	}
	if err == nil {
		response.Body.Close()
	}
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(bytes.NewReader([]byte(unknown))),
		Request:    request,
	}, nil
}
