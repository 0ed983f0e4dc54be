//go:build tools

// Package tools names the program of Traefik that is built, so that go.mod keeps what it needs.
package tools

import _ "github.com/traefik/traefik/v3/cmd/traefik"
