// Command source-reader prints facts about a checkout of Go source, as Go itself determines them: modules, workspace, vendor folder, main
// package, imported packages, embedded files and cgo. It reads one JSON request from standard input, needs no network, runs no other program
// and never writes.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Request names a program in a checkout, and how it is built.
type Request struct {
	// Checkout is the root of the repository. Nothing above it is read.
	Checkout string `json:"checkout"`
	// Directory is the folder of go.mod, relative to the checkout.
	Directory string `json:"directory"`
	// Main is the folder of the main package, relative to Directory.
	Main    string   `json:"main"`
	Targets []Target `json:"targets"`
	Tags    []string `json:"tags"`
	// Experiments are the names of GOEXPERIMENT.
	Experiments []string `json:"experiments"`
	// Amd64 is the level of GOAMD64, such as "v3".
	Amd64 string `json:"amd64"`
	// Vendor is "auto", "always" or "never".
	Vendor string `json:"vendor"`
	// IgnoreWorkspace leaves go.work aside, as if it did not exist.
	IgnoreWorkspace bool `json:"ignoreWorkspace"`
	// Paths are additional files and folders to list, relative to Directory.
	Paths []string `json:"paths"`
}

// Target is a platform that the program is compiled for.
type Target struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	Cgo  bool   `json:"cgo"`
}

func (t Target) String() string { return t.OS + "/" + t.Arch }

// Facts is the answer. Paths are relative to the checkout and separated by slashes.
type Facts struct {
	Version int `json:"version"`
	// Modules are all modules of the checkout.
	Modules []ModuleFolder `json:"modules"`
	// Module is absent if there is no go.mod in the requested folder.
	Module       *Module       `json:"module,omitempty"`
	Requirements []Requirement `json:"requirements"`
	Replacements []Replacement `json:"replacements"`
	Workspace    *Workspace    `json:"workspace,omitempty"`
	Vendor       *Vendor       `json:"vendor,omitempty"`
	// Mode is how the go command loads packages: "module", "workspace", "vendor" or "workspace-vendor".
	Mode string `json:"mode"`
	// LocalModules are the modules whose source is in the checkout and that the build reads: the module itself, those of the workspace, and
	// required modules that a folder replaces.
	LocalModules []LocalModule `json:"localModules"`
	Main         *MainPackage  `json:"main,omitempty"`
	Candidates   []string      `json:"candidates"`
	Packages     []Package     `json:"packages"`
	// Imports are the import paths of packages that are not in the checkout, with those of the standard library.
	Imports []string     `json:"imports"`
	Embeds  []Embed      `json:"embeds"`
	Cgo     []CgoUse     `json:"cgo"`
	Links   []Link       `json:"links"`
	Paths   []ListedPath `json:"paths"`
	// LfsPointers are files that the build reads and whose content is in Git LFS.
	LfsPointers []string  `json:"lfsPointers"`
	Problems    []Problem `json:"problems"`
}

// Problem is an error in a file of the source, with Go's own message.
type Problem struct {
	Code     string `json:"code"`
	Position string `json:"position,omitempty"`
	Message  string `json:"message"`
}

func main() {
	if len(os.Args) > 1 {
		fmt.Println("source-reader of Bowline, compiled with", runtime.Version())
		return
	}
	var request Request
	if err := json.NewDecoder(os.Stdin).Decode(&request); err != nil {
		fail(fmt.Errorf("the request is not JSON: %w", err))
	}
	root, err := filepath.Abs(request.Checkout)
	if err == nil {
		root, err = filepath.EvalSymlinks(root)
	}
	if err != nil {
		fail(err)
	}
	facts, err := read(root, request)
	if err != nil {
		fail(err)
	}
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	if err := output.Encode(facts); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "source-reader:", err)
	os.Exit(1)
}

// read collects all facts. An error in the source is a fact; an error means that the checkout cannot be read.
func read(root string, request Request) (*Facts, error) {
	facts := &Facts{Version: 1, Mode: "module"}
	r := &reader{root: root, request: request, facts: facts, reported: map[string]bool{}}
	if err := r.findModules(); err != nil {
		return nil, err
	}
	if r.readModules() {
		r.findCandidates()
		r.readMain()
		r.readPackages()
	}
	r.listPaths()
	facts.sort()
	return facts, nil
}

type reader struct {
	root    string
	request Request
	facts   *Facts
	// modules that packages are looked up in, by module path.
	modules  []*loadedModule
	packages map[string]*loadedPackage
	// vendorFolder is absolute. Empty if packages do not come from a vendor folder.
	vendorFolder string
	reported     map[string]bool
}

// relative returns the slash-separated path of a file below the checkout.
func (r *reader) relative(path string) string {
	relative, err := filepath.Rel(r.root, path)
	if err != nil {
		return filepath.ToSlash(path)
	}
	return filepath.ToSlash(relative)
}

// isInside reports whether a path is in the checkout, without regard to links.
func (r *reader) isInside(path string) bool {
	return path == r.root || len(path) > len(r.root) && path[:len(r.root)] == r.root && (path[len(r.root)] == filepath.Separator || r.root == "/")
}

func (r *reader) moduleFolder() string {
	return filepath.Join(r.root, filepath.FromSlash(r.request.Directory))
}

func (r *reader) problem(code, position, format string, values ...any) {
	problem := Problem{Code: code, Position: position, Message: fmt.Sprintf(format, values...)}
	key := fmt.Sprint(problem)
	if !r.reported[key] {
		r.reported[key] = true
		r.facts.Problems = append(r.facts.Problems, problem)
	}
}
