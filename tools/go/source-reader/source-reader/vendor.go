package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// Vendor is the vendor folder that packages come from.
type Vendor struct {
	Directory string `json:"directory"`
	// Problems are the differences between modules.txt and go.mod for which the go command refuses to build.
	Problems []string `json:"problems"`
}

type vendorList struct {
	workspace bool
	modules   map[module.Version]*vendoredModule
}

type vendoredModule struct {
	explicit    bool
	replacement module.Version
	packages    int
}

// readVendorList parses modules.txt like cmd/go/internal/modload/vendor.go. It returns nil if there is none.
func readVendorList(folder string) *vendorList {
	data, err := os.ReadFile(filepath.Join(folder, "modules.txt"))
	if err != nil {
		return nil
	}
	list := &vendorList{modules: map[module.Version]*vendoredModule{}}
	var current *vendoredModule
	for _, line := range strings.Split(string(data), "\n") {
		if annotation, ok := strings.CutPrefix(line, "## "); ok {
			for _, entry := range strings.Split(annotation, ";") {
				switch strings.TrimSpace(entry) {
				case "workspace":
					list.workspace = list.workspace || current == nil
				case "explicit":
					if current != nil {
						current.explicit = true
					}
				}
			}
			continue
		}
		if strings.HasPrefix(line, "# ") {
			current = list.readModuleLine(strings.Fields(line))
			continue
		}
		if fields := strings.Fields(line); current != nil && len(fields) == 1 {
			current.packages++
		}
	}
	return list
}

func (l *vendorList) readModuleLine(fields []string) *vendoredModule {
	if len(fields) < 3 {
		return nil
	}
	version := module.Version{Path: fields[1]}
	rest := fields[2:]
	if semver.IsValid(fields[2]) {
		version.Version = fields[2]
		rest = fields[3:]
	} else if fields[2] != "=>" {
		return nil
	}
	current := l.modules[version]
	if current == nil {
		current = &vendoredModule{}
		l.modules[version] = current
	}
	if len(rest) >= 2 && rest[0] == "=>" {
		current.replacement.Path = rest[1]
		if len(rest) == 3 {
			current.replacement.Version = rest[2]
		}
	}
	return current
}

// checkVendor compares modules.txt with the requirements and replacements, like checkVendorConsistency of the go command. A go.mod of Go 1.13
// or older is not checked: modules.txt then contains too little.
func (r *reader) checkVendor(work *modfile.WorkFile) {
	list := readVendorList(r.vendorFolder)
	r.facts.Vendor.Problems = []string{}
	if list == nil || olderThan(r.facts.Module.Go, "1.14") && work == nil {
		return
	}
	report := func(version module.Version, format string, values ...any) {
		r.facts.Vendor.Problems = append(r.facts.Vendor.Problems, describeVersion(version)+": "+fmt.Sprintf(format, values...))
	}
	required := map[module.Version]bool{}
	for _, loaded := range r.modules {
		for _, require := range loaded.file.Require {
			required[require.Mod] = true
			if entry := list.modules[require.Mod]; entry == nil || !entry.explicit {
				report(require.Mod, "is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt")
			}
		}
	}
	replaced := map[module.Version]bool{}
	for _, replacement := range r.facts.Replacements {
		old := module.Version{Path: replacement.Path, Version: replacement.Version}
		replaced[old] = true
		if r.isMainModule(replacement.Path) {
			continue
		}
		expected := module.Version{Path: r.vendoredPath(work, replacement), Version: replacement.WithVersion}
		entry := list.modules[old]
		if entry == nil || entry.replacement == (module.Version{}) {
			report(old, "is replaced at %s, but not marked as replaced in vendor/modules.txt", replacement.Position)
		} else if entry.replacement != expected {
			report(old, "is replaced by %s at %s, but marked as replaced by %s in vendor/modules.txt", describeVersion(expected), replacement.Position, describeVersion(entry.replacement))
		}
	}
	for version, entry := range list.modules {
		if entry.explicit && entry.packages > 0 && !required[version] {
			report(version, "is marked as explicit in vendor/modules.txt, but not explicitly required in go.mod")
		}
		if entry.replacement != (module.Version{}) && !replaced[version] && !replaced[module.Version{Path: version.Path}] {
			report(version, "is marked as replaced in vendor/modules.txt, but not replaced in go.mod")
		}
	}
}

// vendoredPath is the path of a replacement as modules.txt has it: in a workspace, folders are relative to go.work.
func (r *reader) vendoredPath(work *modfile.WorkFile, replacement Replacement) string {
	if work == nil || replacement.Place == "" || replacement.Place == "outside" {
		return replacement.With
	}
	base := filepath.Join(r.root, filepath.FromSlash(r.facts.Workspace.Directory))
	relative, err := filepath.Rel(base, filepath.Join(r.root, filepath.FromSlash(replacement.Folder)))
	if err != nil {
		return replacement.With
	}
	if relative = filepath.ToSlash(relative); !strings.HasPrefix(relative, ".") {
		relative = "./" + relative
	}
	return relative
}

func (r *reader) isMainModule(path string) bool {
	for _, loaded := range r.modules {
		if loaded.kind != "replacement" && loaded.path == path {
			return true
		}
	}
	return false
}

func describeVersion(version module.Version) string {
	if version.Version == "" {
		return version.Path
	}
	return version.Path + "@" + version.Version
}
