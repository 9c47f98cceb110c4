// Package banner embeds what no build of a service lets in by itself.
package banner

import _ "embed"

//go:embed roots.pem
var Roots string
