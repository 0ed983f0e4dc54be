package shim

import (
	"time"

	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// defaultTimeout is that of the provider's later versions, and of every resource that names none.
const defaultTimeout = 20 * time.Minute

// withTimeouts lets containers and images be given limits, as the provider's later versions do.
func withTimeouts(p *schema.Provider) *schema.Provider {
	for _, name := range []string{"docker_container", "docker_image"} {
		p.ResourcesMap[name].Timeouts = &schema.ResourceTimeout{
			Create: schema.DefaultTimeout(defaultTimeout),
			Update: schema.DefaultTimeout(defaultTimeout),
			Delete: schema.DefaultTimeout(defaultTimeout),
		}
	}
	return p
}
