//go:build tools

package controlplane

import (
	_ "github.com/fluxcd/source-controller"
)
