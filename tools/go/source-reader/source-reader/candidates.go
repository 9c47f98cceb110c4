package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// maxFolders limits the search of a checkout.
const maxFolders = 100000

// findModules finds all go.mod files of the checkout, except those that the go command never builds from.
func (r *reader) findModules() error {
	return r.walk(r.root, true, func(folder string) {
		if data, err := os.ReadFile(filepath.Join(folder, "go.mod")); err == nil {
			r.facts.Modules = append(r.facts.Modules, ModuleFolder{Directory: r.relative(folder), Path: modfile.ModulePath(data)})
		}
	})
}

// findCandidates finds the main packages of the module, for the first target, with cgo or without.
func (r *reader) findCandidates() {
	target := Target{OS: "linux", Arch: "amd64"}
	if len(r.request.Targets) > 0 {
		target = r.request.Targets[0]
	}
	_ = r.walk(r.moduleFolder(), false, func(folder string) {
		if !hasMainClause(folder) {
			return
		}
		for _, cgo := range []bool{target.Cgo, true} {
			if built, err := r.context(target, cgo).ImportDir(folder, 0); err == nil && built.Name == "main" {
				relative, err := filepath.Rel(r.moduleFolder(), folder)
				if err == nil {
					r.facts.Candidates = append(r.facts.Candidates, toPattern(filepath.ToSlash(relative)))
				}
				return
			}
		}
	})
}

func toPattern(relative string) string {
	if relative == "." {
		return "."
	}
	return "./" + relative
}

func hasMainClause(folder string) bool {
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || entry.IsDir() {
			continue
		}
		file, _ := parser.ParseFile(token.NewFileSet(), filepath.Join(folder, name), nil, parser.PackageClauseOnly)
		if file != nil && file.Name != nil && file.Name.Name == "main" {
			return true
		}
	}
	return false
}

// walk visits the folders that the pattern ./... matches. Links are not followed.
func (r *reader) walk(root string, intoModules bool, visit func(folder string)) error {
	visited := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if path == root && err != nil {
			return err
		}
		if err != nil || !entry.IsDir() {
			return nil
		}
		name := entry.Name()
		if path != root && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "vendor" || name == "node_modules") {
			return fs.SkipDir
		}
		if path != root && !intoModules && isFile(filepath.Join(path, "go.mod")) {
			return fs.SkipDir
		}
		if visited++; visited > maxFolders {
			r.problem("limit", "", "%s contains more than %d folders", r.relative(root), maxFolders)
			return fs.SkipAll
		}
		visit(path)
		return nil
	})
	if os.IsNotExist(err) {
		return nil
	}
	return err
}
