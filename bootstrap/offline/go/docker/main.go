// Command docker is Pulumi's docker plugin: the Terraform Docker provider behind Pulumi's bridge, with the resource
// names of the package pulumi-docker.
package main

import (
	"log"

	"gateway/bootstrap/schema"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-docker/shim"
)

const (
	name    = "docker"
	version = "5.2.0"

	localEngine         = "unix:///var/run/docker.sock"
	autonameMaxLength   = 255
	autonameSeparator   = "-"
	resourceTokenPrefix = "docker:index/"
)

func provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:            sdkv2.NewProvider(shim.New(version)),
		Name:         name,
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Config: map[string]*tfbridge.SchemaInfo{
			"host":          {Default: &tfbridge.DefaultInfo{EnvVars: []string{"DOCKER_HOST"}, Value: localEngine}},
			"registry_auth": {Name: "registryAuth", MaxItemsOne: tfbridge.False()},
		},
		Resources:      resources(),
		DataSources:    dataSources(),
		IgnoreMappings: []string{"docker_plugin", "docker_registry_image", "docker_tag"},
	}
	info.SetAutonaming(autonameMaxLength, autonameSeparator)
	return info
}

func resources() map[string]*tfbridge.ResourceInfo {
	// A container holds its name and host ports until it is gone, as the vendor's plugin also has it.
	container := resource("container", "Container")
	container.DeleteBeforeReplace = true
	container.Fields = map[string]*tfbridge.SchemaInfo{
		"command":           {Name: "command"},
		"networks_advanced": {Name: "networksAdvanced"},
	}
	image := resource("remoteImage", "RemoteImage")
	image.Fields = map[string]*tfbridge.SchemaInfo{"name": {Name: "name"}}
	return map[string]*tfbridge.ResourceInfo{
		"docker_config":    resource("serviceConfig", "ServiceConfig"),
		"docker_container": container,
		"docker_image":     image,
		"docker_network":   resource("network", "Network"),
		"docker_secret":    resource("secret", "Secret"),
		"docker_service":   resource("service", "Service"),
		"docker_volume":    resource("volume", "Volume"),
	}
}

func dataSources() map[string]*tfbridge.DataSourceInfo {
	return map[string]*tfbridge.DataSourceInfo{
		"docker_image":          function("getRemoteImage"),
		"docker_logs":           function("getLogs"),
		"docker_network":        function("getNetwork"),
		"docker_plugin":         function("getPlugin"),
		"docker_registry_image": function("getRegistryImage"),
	}
}

func resource(module, name string) *tfbridge.ResourceInfo {
	return &tfbridge.ResourceInfo{Tok: tokens.Type(resourceTokenPrefix + module + ":" + name)}
}

func function(name string) *tfbridge.DataSourceInfo {
	return &tfbridge.DataSourceInfo{Tok: tokens.ModuleMember(resourceTokenPrefix + name + ":" + name)}
}

func main() {
	info := provider()
	packageSchema, err := schema.Generate(info)
	if err != nil {
		log.Fatal(err)
	}
	tfbridge.Main(name, version, info, packageSchema)
}
