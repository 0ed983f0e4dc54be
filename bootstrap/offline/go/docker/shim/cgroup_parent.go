package shim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

const cgroupParent = "cgroup_parent"

// withCgroupParent gives docker_container the argument cgroup_parent of the provider's later versions. This version's
// own function makes the container; the argument joins its request to the engine.
func withCgroupParent(p *schema.Provider) *schema.Provider {
	container := p.ResourcesMap["docker_container"]
	container.Schema[cgroupParent] = &schema.Schema{
		Type:        schema.TypeString,
		Description: "Optional parent cgroup for the container",
		Optional:    true,
		ForceNew:    true,
	}
	createThrough(container, func(d *schema.ResourceData) func(http.RoundTripper) http.RoundTripper {
		parent, given := d.GetOk(cgroupParent)
		if !given {
			return nil
		}
		return func(next http.RoundTripper) http.RoundTripper { return parented{parent.(string), next} }
	})
	return p
}

// parented sends requests on; one that creates a container gets the parent cgroup
// (https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerCreate).
type parented struct {
	parent string
	http.RoundTripper
}

func (p parented) RoundTrip(request *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(request.URL.Path, "/containers/create") {
		return p.RoundTripper.RoundTrip(request)
	}
	var body map[string]any
	// Numbers stay as they are written: a float64 cannot hold each int64.
	decoder := json.NewDecoder(request.Body)
	decoder.UseNumber()
	if err := decoder.Decode(&body); err != nil {
		return nil, fmt.Errorf("reading the request for a container: %w", err)
	}
	hostConfig, ok := body["HostConfig"].(map[string]any)
	if !ok {
		return nil, errors.New("a container without HostConfig")
	}
	hostConfig["CgroupParent"] = p.parent
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	changed := request.Clone(request.Context())
	changed.Body = io.NopCloser(bytes.NewReader(text))
	changed.ContentLength = int64(len(text))
	return p.RoundTripper.RoundTrip(changed)
}
