// Command random is Pulumi's random plugin: the Terraform random provider behind Pulumi's bridge, with the resource
// names of the package pulumi-random.
package main

import (
	"context"
	"log"

	"gateway/bootstrap/schema"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/terraform-providers/terraform-provider-random/shim"
)

const (
	name    = "random"
	version = "4.21.4"
)

// provider maps each Terraform resource random_x to random:index/randomX:RandomX.
func provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:                           pf.ShimProvider(shim.New()),
		Name:                        name,
		Version:                     version,
		MetadataInfo:                tfbridge.NewProviderMetadata([]byte("{}")),
		EnableAccurateBridgePreview: true,
		EnableRawStateDelta:         true,
	}
	info.MustComputeTokens(tokens.SingleModule("random_", "index", func(module, resource string) (string, error) {
		return tokens.MakeStandard(name)(module, "Random"+resource)
	}))
	return info
}

func main() {
	info := provider()
	packageSchema, err := schema.Generate(info)
	if err != nil {
		log.Fatal(err)
	}
	pf.Main(context.Background(), name, info, pf.ProviderMetadata{
		PackageSchema:  packageSchema,
		BridgeMetadata: []byte("{}"),
	})
}
