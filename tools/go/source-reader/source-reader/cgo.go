package main

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
)

// CgoUse is a package that imports "C" when cgo is on, for targets that are compiled without cgo.
type CgoUse struct {
	ImportPath string `json:"importPath"`
	Directory  string `json:"directory"`
	Vendored   bool   `json:"vendored"`
	// Files that import "C".
	Files []string `json:"files"`
	// Needed reports whether the package cannot be compiled without these files. Otherwise its other files take their place.
	Needed bool `json:"needed"`
	// Missing are names that only these files declare and that other files use. Empty if the package has no other files.
	Missing []string `json:"missing"`
	Targets []string `json:"targets"`
}

// findCgo compares each package with and without cgo. Packages outside of the checkout are not seen: the compiler reports them.
func (r *reader) findCgo() {
	for _, loaded := range r.packages {
		use := CgoUse{ImportPath: loaded.importPath, Directory: r.relative(loaded.folder), Vendored: loaded.vendored, Files: []string{}, Missing: []string{}}
		for target, without := range loaded.builds {
			if target.Cgo {
				continue
			}
			with, _ := r.context(target, true).ImportDir(loaded.folder, 0)
			if with == nil || len(with.CgoFiles) == 0 {
				continue
			}
			use.Targets = append(use.Targets, target.String())
			for _, file := range with.CgoFiles {
				if name := r.relative(filepath.Join(loaded.folder, file)); !slices.Contains(use.Files, name) {
					use.Files = append(use.Files, name)
				}
			}
			if len(without.GoFiles) == 0 {
				use.Needed = true
				continue
			}
			for _, name := range r.missingNames(loaded, target, with, without) {
				use.Needed = true
				if !slices.Contains(use.Missing, name) {
					use.Missing = append(use.Missing, name)
				}
			}
		}
		if len(use.Targets) > 0 {
			slices.Sort(use.Missing)
			slices.Sort(use.Files)
			slices.Sort(use.Targets)
			r.facts.Cgo = append(r.facts.Cgo, use)
		}
	}
}

// missingNames finds names that only files with cgo declare, and that the other files of the package or its importers use.
func (r *reader) missingNames(loaded *loadedPackage, target Target, with, without *build.Package) []string {
	available := r.declarations(loaded.folder, without.GoFiles)
	onlyCgo := map[string]bool{}
	for name := range r.declarations(loaded.folder, slices.Concat(with.CgoFiles, with.GoFiles)) {
		if !available[name] {
			onlyCgo[name] = true
		}
	}
	if len(onlyCgo) == 0 {
		return nil
	}
	if without.Name == "main" && onlyCgo["main"] {
		return []string{"main"}
	}
	used := map[string]bool{}
	for _, file := range r.parse(loaded.folder, without.GoFiles) {
		for _, identifier := range file.Unresolved {
			if onlyCgo[identifier.Name] {
				used[identifier.Name] = true
			}
		}
	}
	for _, importer := range r.packages {
		built := importer.builds[target]
		if built == nil || !slices.Contains(built.Imports, loaded.importPath) {
			continue
		}
		for _, file := range r.parse(importer.folder, slices.Concat(built.GoFiles, built.CgoFiles)) {
			for _, name := range selections(file, loaded.importPath, with.Name) {
				if onlyCgo[name] {
					used[name] = true
				}
			}
		}
	}
	names := []string{}
	for name := range used {
		names = append(names, name)
	}
	return names
}

// declarations are the names that files declare at package level, without methods.
func (r *reader) declarations(folder string, files []string) map[string]bool {
	names := map[string]bool{}
	for _, file := range r.parse(folder, files) {
		for _, declaration := range file.Decls {
			switch declaration := declaration.(type) {
			case *ast.FuncDecl:
				if declaration.Recv == nil {
					names[declaration.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, spec := range declaration.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						names[spec.Name.Name] = true
					case *ast.ValueSpec:
						for _, name := range spec.Names {
							names[name.Name] = true
						}
					}
				}
			}
		}
	}
	delete(names, "_")
	delete(names, "init")
	return names
}

func (r *reader) parse(folder string, files []string) []*ast.File {
	var parsed []*ast.File
	for _, file := range files {
		// The parser returns what it could read of a file with errors.
		if tree, _ := parser.ParseFile(token.NewFileSet(), filepath.Join(folder, file), nil, 0); tree != nil {
			parsed = append(parsed, tree)
		}
	}
	return parsed
}

// selections are the names that a file selects from an imported package.
func selections(file *ast.File, importPath, packageName string) []string {
	local := ""
	for _, spec := range file.Imports {
		if unquoted, err := strconv.Unquote(spec.Path.Value); err == nil && unquoted == importPath {
			local = packageName
			if spec.Name != nil {
				local = spec.Name.Name
			}
		}
	}
	var names []string
	ast.Inspect(file, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			// An identifier that the file itself does not declare is the package.
			if identifier, ok := selector.X.(*ast.Ident); ok && local != "" && identifier.Name == local && identifier.Obj == nil {
				names = append(names, selector.Sel.Name)
			}
		}
		return true
	})
	return names
}
