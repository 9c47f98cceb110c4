// Package money embeds its currencies in a block of variables.
package money

import _ "embed"

var (
	//go:embed currencies.txt
	Currencies string
)
