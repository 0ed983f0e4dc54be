package shim

import (
	"bytes"
	"io"
	"net/http"
	"regexp"

	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// inspection is the path of a request for a container's state
// (https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerInspect).
var inspection = regexp.MustCompile(`/containers/[^/]+/json$`)

// unknown is the state of a container that the engine did not return.
const unknown = `{"State":{"Health":{"Status":"unhealthy"}},"Config":{},"HostConfig":{},"NetworkSettings":{}}`

// withWait keeps the wait for a healthy container from ending the plugin, and with it every other operation. This
// version's own wait goes on after its time is over, when each request fails, and reads the state that it did not get.
func withWait(p *schema.Provider) *schema.Provider {
	createThrough(p.ResourcesMap["docker_container"], func(d *schema.ResourceData) func(http.RoundTripper) http.RoundTripper {
		if !d.Get("wait").(bool) {
			return nil
		}
		return func(next http.RoundTripper) http.RoundTripper { return inspected{next} }
	})
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
