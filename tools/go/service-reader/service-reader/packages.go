package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
)

// Package is a package of the module, as it is compiled for linux/amd64.
type Package struct {
	// Directory is relative to the folder of go.mod: "." or "cmd/server".
	Directory string `json:"directory"`
	Name      string `json:"name"`
	// Main is the position of func main.
	Main *Position `json:"main,omitempty"`
	// Local has the directories of the imported packages of this module.
	Local []string `json:"local"`
	// Imports has every other import but the standard library's, with its position.
	Imports []Import `json:"imports"`
	// Cgo is the position of import "C", where the package does not compile without cgo.
	Cgo *Position `json:"cgo,omitempty"`
}

// Import is an imported package of another module.
type Import struct {
	Path string `json:"path"`
	Position
}

type sourcePackage struct {
	Package
	files     []*sourceFile
	constants map[string]constant
	// commands are nil before the first use.
	commands []commandRange
}

type sourceFile struct {
	syntax *ast.File
	// imports has the local package of each import name.
	imports map[string]*sourcePackage
	// paths has the import path of each import name.
	paths map[string]string
}

type module struct {
	root      string
	directory string
	module    string
	goMod     Position
	positions *token.FileSet
	packages  []*sourcePackage
	// locals maps the path of a module of this checkout to its folder, relative to the folder of go.mod.
	locals  map[string]string
	skipped []Skipped
	// callers has the packages that use a function. Nil before the first use.
	callers map[string]map[string]bool
}

func loadModule(root, directory string) (*module, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	source := &module{root: root, directory: filepath.Join(root, directory), positions: token.NewFileSet(), skipped: []Skipped{}}
	goMod := filepath.Join(source.directory, "go.mod")
	if info, err := os.Stat(goMod); err != nil || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: no regular file, expected the go.mod of a module", source.relative(goMod))
	}
	text, err := os.ReadFile(goMod)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", source.relative(goMod), errors.Unwrap(err))
	}
	parsed, err := modfile.ParseLax(source.relative(goMod), text, nil)
	if err != nil {
		return nil, err
	}
	if parsed.Module == nil {
		return nil, fmt.Errorf("%s:1: no module line, expected the path of the module, such as: module example.com/acme/shop", source.relative(goMod))
	}
	source.module = parsed.Module.Mod.Path
	source.goMod = Position{File: source.relative(goMod), Line: parsed.Module.Syntax.Start.Line}
	source.locals = map[string]string{source.module: "."}
	for _, replace := range replacements(goMod, text) {
		source.locals[replace.Old.Path] = path.Clean(replace.New.Path)
	}
	return source, source.loadPackages()
}

// replacements has the local ones. ParseLax leaves replace lines out.
func replacements(name string, text []byte) []*modfile.Replace {
	parsed, err := modfile.Parse(name, text, nil)
	if err != nil {
		return nil
	}
	local := []*modfile.Replace{}
	for _, replace := range parsed.Replace {
		if replace.New.Version == "" && !path.IsAbs(replace.New.Path) && !strings.HasPrefix(path.Clean(replace.New.Path), "..") {
			local = append(local, replace)
		}
	}
	return local
}

func (m *module) loadPackages() error {
	nested := map[string]bool{}
	for _, folder := range m.locals {
		nested[filepath.Join(m.directory, folder)] = true
	}
	err := filepath.WalkDir(m.directory, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !entry.IsDir() {
			return nil
		}
		base := entry.Name()
		if name != m.directory && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "vendor" || base == "testdata" || base == "node_modules") {
			return fs.SkipDir
		}
		if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil && !nested[name] {
			return fs.SkipDir
		}
		m.loadPackage(name)
		return nil
	})
	if err != nil {
		return err
	}
	sort.Slice(m.packages, func(a, b int) bool { return m.packages[a].Directory < m.packages[b].Directory })
	m.resolveImports()
	return nil
}

func (m *module) loadPackage(directory string) {
	context := build.Default
	context.GOOS, context.GOARCH, context.CgoEnabled, context.GOROOT = "linux", "amd64", true, ""
	context.ReadDir = readRegular
	found, err := context.ImportDir(directory, 0)
	if _, none := err.(*build.NoGoError); none {
		return
	}
	if err != nil {
		m.skipped = append(m.skipped, m.skip(directory, err))
		if found == nil || len(found.GoFiles)+len(found.CgoFiles) == 0 {
			return
		}
	}
	relative, _ := filepath.Rel(m.directory, directory)
	pkg := &sourcePackage{Package: Package{Directory: filepath.ToSlash(relative), Name: found.Name, Local: []string{}, Imports: []Import{}}, constants: map[string]constant{}}
	for _, name := range append(append([]string{}, found.GoFiles...), found.CgoFiles...) {
		syntax, err := parser.ParseFile(m.positions, filepath.Join(directory, name), nil, parser.SkipObjectResolution)
		if err != nil {
			m.skipped = append(m.skipped, m.skip(filepath.Join(directory, name), err))
			continue
		}
		pkg.files = append(pkg.files, &sourceFile{syntax: syntax, imports: map[string]*sourcePackage{}, paths: map[string]string{}})
	}
	if len(found.CgoFiles) > 0 {
		context.CgoEnabled = false
		if without, err := context.ImportDir(directory, 0); err != nil || len(without.GoFiles) == 0 {
			position := found.ImportPos["C"]
			if len(position) > 0 {
				pkg.Cgo = &Position{m.relative(position[0].Filename), position[0].Line}
			}
		}
	}
	m.packages = append(m.packages, pkg)
}

// skip says why a file is not read, and where.
func (m *module) skip(name string, err error) Skipped {
	var list scanner.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		return Skipped{Position{m.relative(list[0].Pos.Filename), list[0].Pos.Line}, list[0].Msg}
	}
	return Skipped{Position{m.relative(name), 0}, err.Error()}
}

// readRegular leaves out what is no file, such as a named pipe: nobody may ever write to it.
func readRegular(directory string) ([]fs.FileInfo, error) {
	entries, err := os.ReadDir(directory)
	if err != nil {
		return nil, err
	}
	found := []fs.FileInfo{}
	for _, entry := range entries {
		if info, err := os.Stat(filepath.Join(directory, entry.Name())); err == nil && (info.Mode().IsRegular() || info.IsDir()) {
			found = append(found, info)
		}
	}
	return found, nil
}

func (m *module) resolveImports() {
	byDirectory := map[string]*sourcePackage{}
	for _, pkg := range m.packages {
		byDirectory[pkg.Directory] = pkg
	}
	for _, pkg := range m.packages {
		local := map[string]bool{}
		for _, file := range pkg.files {
			for _, spec := range file.syntax.Imports {
				imported, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					continue
				}
				name := importName(imported)
				if spec.Name != nil {
					name = spec.Name.Name
				}
				file.paths[name] = imported
				if directory, ok := m.localDirectory(imported); ok {
					local[directory] = true
					if target := byDirectory[directory]; target != nil {
						if spec.Name == nil {
							name = target.Name
						}
						file.imports[name] = target
					}
				} else if strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
					pkg.Imports = append(pkg.Imports, Import{imported, m.position(spec)})
				}
			}
			m.collectConstants(pkg, file)
			for _, declaration := range file.syntax.Decls {
				if function, ok := declaration.(*ast.FuncDecl); ok && pkg.Name == "main" && function.Recv == nil && function.Name.Name == "main" {
					position := m.position(function)
					pkg.Main = &position
				}
			}
		}
		for directory := range local {
			pkg.Local = append(pkg.Local, directory)
		}
		sort.Strings(pkg.Local)
	}
}

func (m *module) localDirectory(imported string) (string, bool) {
	longest, directory := "", ""
	for name, folder := range m.locals {
		if (imported == name || strings.HasPrefix(imported, name+"/")) && len(name) > len(longest) {
			longest, directory = name, path.Join(folder, strings.TrimPrefix(strings.TrimPrefix(imported, name), "/"))
		}
	}
	if directory == "" && longest != "" {
		directory = "."
	}
	return directory, longest != ""
}

// importName guesses the name of a package by its path: the last element that is no major version.
func importName(imported string) string {
	base := path.Base(imported)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(imported))
	}
	base, _, _ = strings.Cut(base, ".")
	return strings.TrimPrefix(strings.ReplaceAll(base, "-", "_"), "go_")
}

func (m *module) relative(name string) string {
	relative, err := filepath.Rel(m.root, name)
	if err != nil {
		return name
	}
	return filepath.ToSlash(relative)
}

func (m *module) position(node ast.Node) Position {
	position := m.positions.Position(node.Pos())
	return Position{m.relative(position.Filename), position.Line}
}
