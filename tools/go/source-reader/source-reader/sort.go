package main

import (
	"cmp"
	"slices"
)

// sort orders the facts, so that equal checkouts give equal answers, and replaces nil by empty lists.
func (f *Facts) sort() {
	slices.Sort(f.Candidates)
	slices.Sort(f.Imports)
	slices.Sort(f.LfsPointers)
	slices.SortFunc(f.Modules, func(a, b ModuleFolder) int { return cmp.Compare(a.Directory, b.Directory) })
	slices.SortFunc(f.Packages, func(a, b Package) int { return cmp.Compare(a.ImportPath, b.ImportPath) })
	slices.SortFunc(f.Embeds, func(a, b Embed) int {
		return cmp.Or(cmp.Compare(a.Directory, b.Directory), cmp.Compare(a.Pattern, b.Pattern))
	})
	slices.SortFunc(f.Cgo, func(a, b CgoUse) int { return cmp.Compare(a.ImportPath, b.ImportPath) })
	slices.SortFunc(f.Links, func(a, b Link) int { return cmp.Compare(a.Path, b.Path) })
	if f.Vendor != nil {
		slices.Sort(f.Vendor.Problems)
	}
	f.Modules = list(f.Modules)
	f.Requirements = list(f.Requirements)
	f.Replacements = list(f.Replacements)
	f.LocalModules = list(f.LocalModules)
	f.Candidates = list(f.Candidates)
	f.Packages = list(f.Packages)
	f.Imports = list(f.Imports)
	f.Embeds = list(f.Embeds)
	f.Cgo = list(f.Cgo)
	f.Links = list(f.Links)
	f.Paths = list(f.Paths)
	f.LfsPointers = list(f.LfsPointers)
	f.Problems = list(f.Problems)
}

func list[T any](values []T) []T {
	if values == nil {
		return []T{}
	}
	return values
}
