//go:build tools

// Package tools names the program of Prometheus that is built, so that go.mod keeps what it needs.
package tools

import _ "github.com/prometheus/prometheus/cmd/prometheus"
