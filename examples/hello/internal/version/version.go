// Package version contains the version of this service. The version is in a source file and not derived from the commit, so that a commit
// without code changes gives the same binary.
package version

import (
	_ "embed"
	"strings"
)

//go:embed VERSION
var text string

// Current returns the version in the file VERSION.
func Current() string { return strings.TrimSpace(text) }
