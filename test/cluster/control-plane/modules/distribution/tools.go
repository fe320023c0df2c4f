//go:build tools

package controlplane

import (
	_ "github.com/distribution/distribution/v3/cmd/registry"
)
