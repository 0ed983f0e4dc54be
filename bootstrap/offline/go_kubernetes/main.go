// Command pulumi-resource-kubernetes is Pulumi's kubernetes plugin. Its own main embeds files that the module lacks; this
// one embeds the copies of schema.json and terraform-mapping.json that bootstrap/offline/kubernetes_build.py puts beside it.
package main

import (
	_ "embed"
	"encoding/json"
	"log"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var mapping []byte

func main() {
	versioned, err := withVersion(schema, version.Version)
	if err != nil {
		log.Fatal(err)
	}
	provider.Serve("kubernetes", version.Version, versioned, mapping)
}

// withVersion returns the schema with the version that the plugin says it has.
func withVersion(schema []byte, version string) ([]byte, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(schema, &fields); err != nil {
		return nil, err
	}
	text, err := json.Marshal(version)
	if err != nil {
		return nil, err
	}
	fields["version"] = text
	return json.Marshal(fields)
}
