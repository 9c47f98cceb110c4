package main

import (
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// ModuleFolder is a folder with a go.mod.
type ModuleFolder struct {
	Directory string `json:"directory"`
	Path      string `json:"path"`
}

// Module is the module of the program.
type Module struct {
	Path      string `json:"path"`
	Directory string `json:"directory"`
	// Go is the version in the go line, such as "1.26".
	Go        string `json:"go,omitempty"`
	Toolchain string `json:"toolchain,omitempty"`
	HasSum    bool   `json:"hasSum"`
}

// Requirement is a line of a require block.
type Requirement struct {
	Path     string `json:"path"`
	Version  string `json:"version"`
	Indirect bool   `json:"indirect"`
	// Local reports whether a folder provides the module: a replacement or the workspace. It then needs no sum.
	Local bool `json:"local"`
}

// Replacement replaces a module with another one, or with a folder.
type Replacement struct {
	Path     string `json:"path"`
	Version  string `json:"version,omitempty"`
	Position string `json:"position"`
	// With is the new path as it is written.
	With        string `json:"with"`
	WithVersion string `json:"withVersion,omitempty"`
	// Place of a folder: "source" (below the module), "checkout" (elsewhere in the repository) or "outside". Empty for a module.
	Place string `json:"place,omitempty"`
	// Folder is relative to the checkout. Empty if it is outside.
	Folder string `json:"folder,omitempty"`
	Exists bool   `json:"exists"`
	// Required reports whether the build needs the replaced module.
	Required bool `json:"required"`
}

// LocalModule is a module whose source is in the checkout.
type LocalModule struct {
	Path      string `json:"path"`
	Directory string `json:"directory"`
	Go        string `json:"go,omitempty"`
	// Kind is "main", "workspace" or "replacement".
	Kind   string `json:"kind"`
	HasSum bool   `json:"hasSum"`
	// Needed reports whether the program imports a package of the module.
	Needed bool `json:"needed"`
}

// Workspace is the nearest go.work at or above the module, in the checkout.
type Workspace struct {
	File      string `json:"file"`
	Directory string `json:"directory"`
	Go        string `json:"go,omitempty"`
	HasSum    bool   `json:"hasSum"`
	// Uses are the folders of the use lines, relative to the checkout.
	Uses []string `json:"uses"`
	// UsesModule reports whether the module of the program is one of them. If not, Go refuses to build the program in the workspace.
	UsesModule bool `json:"usesModule"`
}

type loadedModule struct {
	path string
	// folder is absolute.
	folder string
	kind   string
	file   *modfile.File
	needed bool
}

// readModules reads go.mod, go.work and vendor/modules.txt. It reports whether packages can be looked up.
func (r *reader) readModules() bool {
	folder := r.moduleFolder()
	file := r.parseModule(folder)
	if file == nil || file.Module == nil {
		return false
	}
	main := &loadedModule{path: file.Module.Mod.Path, folder: folder, kind: "main", file: file}
	r.modules = []*loadedModule{main}
	r.facts.Module = &Module{
		Path:      main.path,
		Directory: r.relative(folder),
		Go:        goVersion(file),
		HasSum:    isFile(filepath.Join(folder, "go.sum")),
	}
	if file.Toolchain != nil {
		r.facts.Module.Toolchain = file.Toolchain.Name
	}
	work := r.readWorkspace(main)
	r.chooseMode(work)
	if strings.HasPrefix(r.facts.Mode, "workspace") {
		r.addWorkspaceModules(work)
	} else {
		work = nil
	}
	r.readReplacements(work)
	r.readRequirements()
	if r.vendorFolder != "" {
		r.checkVendor(work)
	}
	return true
}

func (r *reader) parseModule(folder string) *modfile.File {
	name := filepath.Join(folder, "go.mod")
	data, err := os.ReadFile(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			r.problem("module-file", r.relative(name), "%v", err)
		}
		return nil
	}
	// A go.mod that is not the main module's may contain directives of newer versions of Go.
	parse := modfile.Parse
	if folder != r.moduleFolder() {
		parse = modfile.ParseLax
	}
	file, err := parse(r.relative(name), data, nil)
	if err != nil {
		r.problem("module-file", r.relative(name), "%v", err)
		return nil
	}
	if file.Module == nil {
		r.problem("module-file", r.relative(name), "no module declaration")
	}
	return file
}

func goVersion(file *modfile.File) string {
	if file == nil || file.Go == nil {
		return ""
	}
	return file.Go.Version
}

// readWorkspace finds the go.work that the go command would use. It does not look above the checkout.
func (r *reader) readWorkspace(main *loadedModule) *modfile.WorkFile {
	if r.request.IgnoreWorkspace {
		return nil
	}
	for folder := main.folder; ; folder = filepath.Dir(folder) {
		name := filepath.Join(folder, "go.work")
		if data, err := os.ReadFile(name); err == nil {
			workspace := &Workspace{
				File:      r.relative(name),
				Directory: r.relative(folder),
				HasSum:    isFile(filepath.Join(folder, "go.work.sum")),
				Uses:      []string{},
			}
			r.facts.Workspace = workspace
			work, err := modfile.ParseWork(r.relative(name), data, nil)
			if err != nil {
				r.problem("module-file", r.relative(name), "%v", err)
				return nil
			}
			if work.Go != nil {
				workspace.Go = work.Go.Version
			}
			for _, use := range work.Use {
				used := absolute(folder, use.Path)
				workspace.Uses = append(workspace.Uses, r.relative(used))
				workspace.UsesModule = workspace.UsesModule || sameFolder(used, main.folder)
			}
			return work
		}
		if folder == r.root || folder == filepath.Dir(folder) {
			return nil
		}
	}
}

// chooseMode follows the go command, with one exception: a module with a vendor folder of its own is built from it, without the workspace,
// because build.vendor says that the folder is used if it exists.
func (r *reader) chooseMode(work *modfile.WorkFile) {
	usesWorkspace := work != nil && r.facts.Workspace.UsesModule
	if r.request.Vendor != "never" {
		if usesWorkspace {
			folder := filepath.Join(r.root, filepath.FromSlash(r.facts.Workspace.Directory), "vendor")
			if list := readVendorList(folder); list != nil && list.workspace {
				r.vendorFolder = folder
				r.facts.Vendor = &Vendor{Directory: r.relative(folder)}
				r.facts.Mode = "workspace-vendor"
				return
			}
		}
		folder := filepath.Join(r.moduleFolder(), "vendor")
		if list := readVendorList(folder); list != nil && !list.workspace {
			r.vendorFolder = folder
			r.facts.Vendor = &Vendor{Directory: r.relative(folder)}
			r.facts.Mode = "vendor"
			return
		}
	}
	if usesWorkspace {
		r.facts.Mode = "workspace"
	}
}

func (r *reader) addWorkspaceModules(work *modfile.WorkFile) {
	base := filepath.Join(r.root, filepath.FromSlash(r.facts.Workspace.Directory))
	for _, use := range work.Use {
		folder := absolute(base, use.Path)
		if sameFolder(folder, r.moduleFolder()) {
			continue
		}
		position := fmt.Sprintf("%s:%d", r.facts.Workspace.File, use.Syntax.Start.Line)
		if !r.isInside(folder) {
			r.problem("workspace", position, "the workspace uses %s, which is outside of the repository", use.Path)
			continue
		}
		file := r.parseModule(folder)
		if file == nil || file.Module == nil {
			r.problem("workspace", position, "the workspace uses %s, which has no valid go.mod", use.Path)
			continue
		}
		r.modules = append(r.modules, &loadedModule{path: file.Module.Mod.Path, folder: folder, kind: "workspace", file: file})
	}
}

// readReplacements lists the replacements that apply: those of the main module or of all modules of the workspace, and of go.work.
func (r *reader) readReplacements(work *modfile.WorkFile) {
	mains := len(r.modules)
	provided := map[string]bool{}
	for _, loaded := range r.modules[:mains] {
		provided[loaded.path] = true
	}
	seen := map[module.Version]bool{}
	add := func(base, file string, replaces []*modfile.Replace) {
		for _, replace := range replaces {
			// The first one wins: go.work overrides go.mod.
			if seen[replace.Old] {
				continue
			}
			seen[replace.Old] = true
			r.facts.Replacements = append(r.facts.Replacements, r.describeReplacement(base, file, replace))
		}
	}
	if work != nil {
		base := filepath.Join(r.root, filepath.FromSlash(r.facts.Workspace.Directory))
		add(base, r.facts.Workspace.File, work.Replace)
	}
	for _, loaded := range r.modules[:mains] {
		add(loaded.folder, r.relative(filepath.Join(loaded.folder, "go.mod")), loaded.file.Replace)
	}
	r.followRequirements(provided)
}

func (r *reader) describeReplacement(base, file string, replace *modfile.Replace) Replacement {
	described := Replacement{
		Path:        replace.Old.Path,
		Version:     replace.Old.Version,
		Position:    fmt.Sprintf("%s:%d", file, replace.Syntax.Start.Line),
		With:        replace.New.Path,
		WithVersion: replace.New.Version,
	}
	if !modfile.IsDirectoryPath(replace.New.Path) {
		return described
	}
	folder := absolute(base, replace.New.Path)
	described.Exists = isFile(filepath.Join(folder, "go.mod"))
	switch {
	case folder == r.moduleFolder() || strings.HasPrefix(folder, r.moduleFolder()+string(filepath.Separator)):
		described.Place = "source"
	case r.isInside(folder):
		described.Place = "checkout"
	default:
		described.Place = "outside"
		return described
	}
	described.Folder = r.relative(folder)
	return described
}

// followRequirements marks the replacements that the module graph contains, as far as the checkout shows it, and adds the modules that they
// lead to. Since Go 1.17, go.mod lists every module that the build needs; before, a module outside of the checkout can require a replaced one.
func (r *reader) followRequirements(provided map[string]bool) {
	old := version.Compare("go"+r.facts.Module.Go, "go1.17") < 0
	visited := map[string]bool{}
	queue := append([]*loadedModule{}, r.modules...)
	follow := func(path, requiredVersion string, all bool) {
		replacement := r.replacementOf(path, requiredVersion, all)
		if replacement == nil || provided[path] || visited[path] {
			return
		}
		visited[path] = true
		replacement.Required = true
		// With a vendor folder, the go command reads neither the folder nor its go.mod.
		if r.vendorFolder != "" || replacement.Place == "" || replacement.Place == "outside" || !replacement.Exists {
			return
		}
		folder := filepath.Join(r.root, filepath.FromSlash(replacement.Folder))
		file := r.parseModule(folder)
		if file == nil {
			return
		}
		loaded := &loadedModule{path: path, folder: folder, kind: "replacement", file: file}
		r.modules = append(r.modules, loaded)
		queue = append(queue, loaded)
	}
	for len(queue) > 0 {
		loaded := queue[0]
		queue = queue[1:]
		for _, require := range loaded.file.Require {
			follow(require.Mod.Path, require.Mod.Version, false)
		}
	}
	if old {
		for _, replacement := range append([]Replacement{}, r.facts.Replacements...) {
			if replacement.Exists {
				follow(replacement.Path, replacement.Version, true)
			}
		}
	}
}

// replacementOf prefers a replacement of exactly this version, as the go command does.
func (r *reader) replacementOf(path, requiredVersion string, anyVersion bool) *Replacement {
	var general *Replacement
	for index := range r.facts.Replacements {
		replacement := &r.facts.Replacements[index]
		if replacement.Path != path {
			continue
		}
		if replacement.Version == requiredVersion || anyVersion {
			return replacement
		}
		if replacement.Version == "" {
			general = replacement
		}
	}
	return general
}

func (r *reader) readRequirements() {
	seen := map[module.Version]bool{}
	for _, loaded := range r.modules {
		if loaded.kind == "replacement" {
			continue
		}
		for _, require := range loaded.file.Require {
			if seen[require.Mod] {
				continue
			}
			seen[require.Mod] = true
			requirement := Requirement{Path: require.Mod.Path, Version: require.Mod.Version, Indirect: require.Indirect}
			if replacement := r.replacementOf(require.Mod.Path, require.Mod.Version, false); replacement != nil {
				requirement.Local = replacement.Place != ""
			}
			for _, other := range r.modules {
				requirement.Local = requirement.Local || other.kind != "replacement" && other.path == require.Mod.Path
			}
			r.facts.Requirements = append(r.facts.Requirements, requirement)
		}
	}
}

func absolute(base, path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(base, path)
}

func sameFolder(a, b string) bool {
	if a == b {
		return true
	}
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
