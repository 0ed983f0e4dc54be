// Package schema makes the schema that a bridged plugin serves.
package schema

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

// Generate returns the JSON schema of a provider, without its documentation. It takes some 50 ms, so plugins call it
// at their start and no generated file has to be kept.
func Generate(provider tfbridge.ProviderInfo) ([]byte, error) {
	result, err := tfgen.GenerateSchemaWithOptions(tfgen.GenerateSchemaOptions{
		ProviderInfo:    provider,
		DiagnosticsSink: diag.DefaultSink(os.Stderr, os.Stderr, diag.FormatOptions{Color: colors.Never}),
		XInMemoryDocs:   true,
	})
	if err != nil {
		return nil, fmt.Errorf("generating the schema of %s: %w", provider.Name, err)
	}
	return json.Marshal(result.PackageSpec)
}
