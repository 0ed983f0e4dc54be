package shim

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// withMissingVolumes lets a refresh find that a volume is gone, as the provider's later versions do. This version's
// own function fails.
func withMissingVolumes(p *schema.Provider) *schema.Provider {
	volume := p.ResourcesMap["docker_volume"]
	read := volume.ReadContext
	volume.ReadContext = func(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
		found := read(ctx, d, meta)
		for _, each := range found {
			if strings.Contains(each.Summary, "No such volume") || strings.Contains(each.Summary, "no such volume") {
				d.SetId("")
				return nil
			}
		}
		return found
	}
	return p
}
