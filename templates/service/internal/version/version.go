// Package version holds the version of this service. It comes from a file of the source, never from the commit: a commit that changes nothing
// must give the same binary.
package version

import (
	_ "embed"
	"strings"
)

//go:embed VERSION
var text string

// Current is the version in the file VERSION.
func Current() string { return strings.TrimSpace(text) }
