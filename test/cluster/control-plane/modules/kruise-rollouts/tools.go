//go:build tools

package controlplane

import (
	_ "github.com/openkruise/rollouts"
)
