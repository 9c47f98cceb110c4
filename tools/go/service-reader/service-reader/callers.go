package main

import (
	"go/ast"
	"sort"
)

// callersOf has the packages that name a function of a package, by name, or nothing where its own package does: an address in a function that only
// another program calls is no address of this one.
func (m *module) callersOf(pkg *sourcePackage, function string) []string {
	if m.callers == nil {
		m.callers = map[string]map[string]bool{}
		for _, caller := range m.packages {
			for _, file := range caller.files {
				m.collectCalls(caller, file)
			}
		}
	}
	found := []string{}
	for directory := range m.callers[pkg.Directory+"."+function] {
		if directory == pkg.Directory {
			return nil
		}
		found = append(found, directory)
	}
	sort.Strings(found)
	return found
}

func (m *module) collectCalls(caller *sourcePackage, file *sourceFile) {
	add := func(pkg *sourcePackage, name string) {
		key := pkg.Directory + "." + name
		if m.callers[key] == nil {
			m.callers[key] = map[string]bool{}
		}
		m.callers[key][caller.Directory] = true
	}
	declared := map[*ast.Ident]bool{}
	ast.Inspect(file.syntax, func(node ast.Node) bool {
		switch value := node.(type) {
		case *ast.FuncDecl:
			declared[value.Name] = true
		case *ast.SelectorExpr:
			if name, ok := value.X.(*ast.Ident); ok && file.imports[name.Name] != nil {
				add(file.imports[name.Name], value.Sel.Name)
				return false
			}
		case *ast.Ident:
			if !declared[value] {
				add(caller, value.Name)
			}
		}
		return true
	})
}
