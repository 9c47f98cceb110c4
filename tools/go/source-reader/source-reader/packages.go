package main

import (
	"errors"
	"fmt"
	"go/build"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// maxPackages is far above the largest programs: Kubernetes' API server imports about 1000 packages of its repository.
const maxPackages = 20000

// MainPackage is the package that build.main names.
type MainPackage struct {
	Directory string `json:"directory"`
	// Kind is "program", "library", "missing" (no such folder), "empty" (no Go files), "excluded" (no Go files for a target), "conflict" (files
	// of several packages) or "other-module" (the folder belongs to another module).
	Kind string `json:"kind"`
	// Name in the package clause.
	Name string `json:"name,omitempty"`
	// Detail is Go's own message, or the folder of the other module.
	Detail string `json:"detail,omitempty"`
	// Targets for which the kind is found. All targets of a program.
	Targets []string `json:"targets"`
}

// Package is a package in the checkout that the program imports for at least one target.
type Package struct {
	ImportPath string `json:"importPath"`
	Directory  string `json:"directory"`
	Vendored   bool   `json:"vendored"`
	// Files that the compiler reads for one of the targets. Empty for vendored packages.
	Files []string `json:"files"`
	// Imports of other packages, without those of the standard library.
	Imports []string `json:"imports"`
	Targets []string `json:"targets"`
}

// Link is a symbolic link that the compiler follows.
type Link struct {
	Path string `json:"path"`
	// Target is relative to the checkout. Empty if it is outside.
	Target string `json:"target"`
}

type loadedPackage struct {
	importPath string
	// folder is absolute.
	folder   string
	vendored bool
	// builds per target.
	builds map[Target]*build.Package
}

func (r *reader) readMain() {
	folder := filepath.Join(r.moduleFolder(), filepath.FromSlash(r.request.Main))
	main := &MainPackage{Directory: r.relative(folder), Targets: []string{}}
	r.facts.Main = main
	if !r.isInside(folder) || !isFolder(folder) {
		main.Kind = "missing"
		return
	}
	for inner := folder; inner != r.moduleFolder() && r.isInside(inner) && inner != r.root; inner = filepath.Dir(inner) {
		if isFile(filepath.Join(inner, "go.mod")) {
			main.Kind = "other-module"
			main.Detail = r.relative(inner)
			return
		}
	}
	for _, target := range r.request.Targets {
		kind, name, detail := r.mainKind(folder, target)
		if main.Kind == "" || main.Kind == "program" && kind != "program" {
			main.Kind, main.Name, main.Detail, main.Targets = kind, name, detail, []string{}
		}
		if main.Kind == kind {
			main.Targets = append(main.Targets, target.String())
		}
	}
}

func (r *reader) mainKind(folder string, target Target) (kind, name, detail string) {
	built, err := r.context(target, target.Cgo).ImportDir(folder, 0)
	var conflict *build.MultiplePackageError
	var none *build.NoGoError
	switch {
	case errors.As(err, &conflict):
		return "conflict", "", fmt.Sprintf("%s is package %s, and %s is package %s", conflict.Files[0], conflict.Packages[0], conflict.Files[1], conflict.Packages[1])
	case errors.As(err, &none) || err == nil && len(built.GoFiles)+len(built.CgoFiles) == 0:
		// A program that consists of files with cgo has none without it: findCgo says so.
		if withCgo, err := r.context(target, true).ImportDir(folder, 0); err == nil && len(withCgo.CgoFiles) > 0 {
			return mainOrLibrary(withCgo.Name), withCgo.Name, ""
		}
		if len(built.IgnoredGoFiles) > 0 {
			return "excluded", "", strings.Join(built.IgnoredGoFiles, ", ")
		}
		return "empty", "", ""
	default:
		// Errors of syntax are the compiler's to report.
		return mainOrLibrary(built.Name), built.Name, ""
	}
}

func mainOrLibrary(name string) string {
	if name == "main" || name == "" {
		return "program"
	}
	return "library"
}

// readPackages follows the imports of the main package through the checkout.
func (r *reader) readPackages() {
	r.packages = map[string]*loadedPackage{}
	external := map[string]bool{}
	folder := filepath.Join(r.root, filepath.FromSlash(r.facts.Main.Directory))
	if r.facts.Main.Kind == "missing" || r.facts.Main.Kind == "other-module" {
		r.finish(external)
		return
	}
	importPath := path.Join(r.facts.Module.Path, filepath.ToSlash(r.request.Main))
	for _, target := range r.request.Targets {
		r.load(importPath, folder, false, target, external)
	}
	r.finish(external)
}

func (r *reader) load(importPath, folder string, vendored bool, target Target, external map[string]bool) {
	queue := []*loadedPackage{r.packageAt(importPath, folder, vendored)}
	for len(queue) > 0 {
		loaded := queue[0]
		queue = queue[1:]
		if loaded.builds[target] != nil {
			continue
		}
		if len(r.packages) > maxPackages {
			r.problem("limit", "", "the program imports more than %d packages of the repository", maxPackages)
			return
		}
		built, err := r.context(target, target.Cgo).ImportDir(loaded.folder, 0)
		if built == nil {
			r.problem("package", r.relative(loaded.folder), "%v", err)
			continue
		}
		loaded.builds[target] = built
		for _, imported := range built.Imports {
			if next := r.find(imported); next != nil {
				queue = append(queue, next)
			} else if imported != "C" && imported != "unsafe" {
				external[imported] = true
			}
		}
	}
}

func (r *reader) packageAt(importPath, folder string, vendored bool) *loadedPackage {
	loaded := r.packages[importPath]
	if loaded == nil {
		loaded = &loadedPackage{importPath: importPath, folder: folder, vendored: vendored, builds: map[Target]*build.Package{}}
		r.packages[importPath] = loaded
	}
	return loaded
}

// find looks an import path up in the modules of the checkout, the longest module path first, and then in the vendor folder.
func (r *reader) find(importPath string) *loadedPackage {
	if loaded := r.packages[importPath]; loaded != nil {
		return loaded
	}
	var best *loadedModule
	var bestFolder string
	for _, candidate := range r.modules {
		if candidate.path != importPath && !strings.HasPrefix(importPath, candidate.path+"/") {
			continue
		}
		folder := filepath.Join(candidate.folder, filepath.FromSlash(strings.TrimPrefix(importPath, candidate.path)))
		if (best == nil || len(candidate.path) > len(best.path)) && r.isPackageOf(candidate, folder) {
			best, bestFolder = candidate, folder
		}
	}
	if best != nil {
		best.needed = true
		return r.packageAt(importPath, bestFolder, false)
	}
	if r.vendorFolder != "" && !isStandard(importPath) {
		folder := filepath.Join(r.vendorFolder, filepath.FromSlash(importPath))
		if hasGoFiles(folder) {
			return r.packageAt(importPath, folder, true)
		}
	}
	return nil
}

// isPackageOf reports whether a folder has Go files and belongs to the module, not to a nested one.
func (r *reader) isPackageOf(loaded *loadedModule, folder string) bool {
	for inner := folder; inner != loaded.folder; inner = filepath.Dir(inner) {
		if isFile(filepath.Join(inner, "go.mod")) {
			return false
		}
	}
	return hasGoFiles(folder)
}

func hasGoFiles(folder string) bool {
	entries, err := os.ReadDir(folder)
	return err == nil && slices.ContainsFunc(entries, func(entry os.DirEntry) bool {
		return strings.HasSuffix(entry.Name(), ".go") && !entry.IsDir()
	})
}

// isStandard follows the go command: the first element of other import paths contains a dot.
func isStandard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

// finish derives the facts about the loaded packages.
func (r *reader) finish(external map[string]bool) {
	for _, loaded := range r.packages {
		described := Package{ImportPath: loaded.importPath, Directory: r.relative(loaded.folder), Vendored: loaded.vendored, Files: []string{}, Targets: []string{}, Imports: []string{}}
		for _, target := range r.request.Targets {
			built := loaded.builds[target]
			if built == nil {
				continue
			}
			described.Targets = append(described.Targets, target.String())
			for _, imported := range built.Imports {
				if (r.find(imported) != nil || !isStandard(imported)) && !slices.Contains(described.Imports, imported) {
					described.Imports = append(described.Imports, imported)
				}
			}
		}
		if !loaded.vendored {
			described.Files = r.filesOf(loaded)
		}
		slices.Sort(described.Imports)
		r.facts.Packages = append(r.facts.Packages, described)
		r.findLinks(loaded)
		r.findPointers(loaded)
	}
	for imported := range external {
		r.facts.Imports = append(r.facts.Imports, imported)
	}
	for _, loaded := range r.modules {
		r.facts.LocalModules = append(r.facts.LocalModules, LocalModule{
			Path:      loaded.path,
			Directory: r.relative(loaded.folder),
			Go:        goVersion(loaded.file),
			Kind:      loaded.kind,
			HasSum:    isFile(filepath.Join(loaded.folder, "go.sum")),
			Needed:    loaded.needed || loaded.kind == "main",
		})
	}
	r.readEmbeds()
	r.findCgo()
}

// sourceFiles are the files of a package that the compiler reads for a target.
func sourceFiles(built *build.Package) []string {
	return slices.Concat(built.GoFiles, built.CgoFiles, built.InvalidGoFiles, built.HFiles, built.SFiles, built.SysoFiles, built.CFiles, built.CXXFiles, built.MFiles, built.SwigFiles, built.SwigCXXFiles)
}

func (r *reader) filesOf(loaded *loadedPackage) []string {
	files := []string{}
	for _, built := range loaded.builds {
		for _, file := range sourceFiles(built) {
			files = append(files, r.relative(filepath.Join(loaded.folder, file)))
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// position returns a position with a path relative to the checkout.
func (r *reader) position(position token.Position) string {
	return fmt.Sprintf("%s:%d:%d", r.relative(position.Filename), position.Line, position.Column)
}
