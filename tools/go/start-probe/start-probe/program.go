package main

import (
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// Program describes the file of the program without starting it.
type Program struct {
	// Machine is the architecture, such as EM_X86_64.
	Machine string `json:"machine,omitempty"`
	// Interpreter is the dynamic loader; empty for a static program.
	Interpreter string `json:"interpreter,omitempty"`
	// Libraries are the shared libraries that the program names.
	Libraries []string `json:"libraries,omitempty"`
	// Problem says why the program cannot start: `not-found`, `not-a-program`, `not-executable`, `no-loader`, `missing-library`, `old-library`.
	Problem string `json:"problem,omitempty"`
	// Missing has the names that Problem is about: the loader, libraries, or versions of a library.
	Missing []string `json:"missing,omitempty"`
}

// inspectProgram reads the program's file and looks for its loader and libraries in the image below root.
func inspectProgram(root, file string) Program {
	image := files{root}
	real, info, err := image.stat(file)
	switch {
	case err != nil:
		return Program{Problem: "not-found", Missing: []string{file}}
	case !info.Mode().IsRegular() || info.Mode().Perm()&0o001 == 0:
		return Program{Problem: "not-executable", Missing: []string{fmt.Sprintf("%s has mode %s", file, info.Mode())}}
	}
	program, err := elf.Open(real)
	if err != nil {
		return Program{Problem: "not-a-program", Missing: []string{file}}
	}
	defer program.Close()
	result := Program{Machine: program.Machine.String(), Interpreter: interpreterOf(program)}
	if program.Type != elf.ET_EXEC && program.Type != elf.ET_DYN {
		result.Problem, result.Missing = "not-a-program", []string{file}
		return result
	}
	if result.Interpreter == "" {
		return result
	}
	if _, _, err := image.stat(result.Interpreter); err != nil {
		result.Problem, result.Missing = "no-loader", []string{result.Interpreter}
		return result
	}
	result.Libraries, _ = program.ImportedLibraries()
	missing, old := image.missingLibraries(file, program)
	switch {
	case len(missing) > 0:
		result.Problem, result.Missing = "missing-library", missing
	case len(old) > 0:
		result.Problem, result.Missing = "old-library", old
	}
	return result
}

func interpreterOf(program *elf.File) string {
	for _, segment := range program.Progs {
		if segment.Type == elf.PT_INTERP {
			text := make([]byte, segment.Filesz)
			if _, err := segment.ReadAt(text, 0); err == nil {
				return strings.TrimRight(string(text), "\x00")
			}
		}
	}
	return ""
}

// files resolves paths below a root, as a process does for which it is the root.
type files struct{ root string }

// missingLibraries follows the libraries of a program and of its libraries: those that are nowhere, and the versions that they lack.
func (f files) missingLibraries(file string, program *elf.File) (missing, old []string) {
	type object struct {
		path string
		file *elf.File
	}
	seen := map[string]bool{}
	for queue := []object{{file, program}}; len(queue) > 0; queue = queue[1:] {
		current := queue[0]
		names, _ := current.file.ImportedLibraries()
		for _, name := range names {
			found := f.findLibrary(name, current.path, current.file)
			if found == "" {
				if !seen[name] {
					missing = append(missing, name)
				}
				seen[name] = true
				continue
			}
			real, _, _ := f.stat(found)
			library, err := elf.Open(real)
			if err != nil {
				continue
			}
			defer library.Close()
			old = append(old, lackedVersions(current.file, name, library)...)
			if !seen[name] {
				queue = append(queue, object{found, library})
			}
			seen[name] = true
		}
	}
	slices.Sort(missing)
	slices.Sort(old)
	return slices.Compact(missing), slices.Compact(old)
}

// lackedVersions are symbol versions, such as GLIBC_2.38, that an object needs of a library and that the library does not define.
func lackedVersions(object *elf.File, name string, library *elf.File) (lacked []string) {
	needs, err := object.DynamicVersionNeeds()
	if err != nil {
		return nil
	}
	defined, err := library.DynamicVersions()
	if err != nil {
		return nil
	}
	for _, need := range needs {
		if need.Name != name {
			continue
		}
		for _, version := range need.Needs {
			if !slices.ContainsFunc(defined, func(own elf.DynamicVersion) bool { return own.Name == version.Dep }) {
				lacked = append(lacked, fmt.Sprintf("%s of %s", version.Dep, name))
			}
		}
	}
	return lacked
}

// findLibrary looks where the loaders of glibc and musl do: the run path of the object, then the standard folders.
func (f files) findLibrary(name, object string, file *elf.File) string {
	if strings.Contains(name, "/") {
		return f.existing(name)
	}
	var folders []string
	for _, tag := range []elf.DynTag{elf.DT_RUNPATH, elf.DT_RPATH} {
		paths, _ := file.DynString(tag)
		for _, list := range paths {
			for folder := range strings.SplitSeq(list, ":") {
				folders = append(folders, strings.NewReplacer("${ORIGIN}", path.Dir(object), "$ORIGIN", path.Dir(object)).Replace(folder))
			}
		}
	}
	folders = append(folders, f.standardFolders()...)
	for _, folder := range folders {
		if found := f.existing(path.Join(folder, name)); found != "" {
			return found
		}
	}
	return ""
}

// standardFolders of Debian, Alpine and their kin. The folder of an architecture is named by its triplet.
func (f files) standardFolders() []string {
	folders := []string{"/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib"}
	for _, parent := range []string{"/lib", "/usr/lib", "/usr/local/lib"} {
		real, info, err := f.stat(parent)
		if err != nil || !info.IsDir() {
			continue
		}
		entries, _ := os.ReadDir(real)
		for _, entry := range entries {
			if strings.Contains(entry.Name(), "-linux-") {
				folders = append(folders, path.Join(parent, entry.Name()))
			}
		}
	}
	return folders
}

func (f files) existing(file string) string {
	if _, _, err := f.stat(file); err != nil {
		return ""
	}
	return file
}

// stat follows symbolic links inside the root. It returns the path outside of it.
func (f files) stat(file string) (string, fs.FileInfo, error) {
	const maxLinks = 40
	links := 0
	current := "/"
	rest := strings.Split(strings.TrimPrefix(path.Clean("/"+file), "/"), "/")
	for len(rest) > 0 {
		next := path.Join(current, rest[0])
		rest = rest[1:]
		info, err := os.Lstat(path.Join(f.root, next))
		if err != nil {
			return "", nil, err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			current = next
			continue
		}
		if links++; links > maxLinks {
			return "", nil, errors.New("too many symbolic links")
		}
		target, err := os.Readlink(path.Join(f.root, next))
		if err != nil {
			return "", nil, err
		}
		if !path.IsAbs(target) {
			target = path.Join(path.Dir(next), target)
		}
		current = "/"
		rest = append(strings.Split(strings.TrimPrefix(path.Clean(target), "/"), "/"), rest...)
	}
	real := path.Join(f.root, current)
	info, err := os.Lstat(real)
	return real, info, err
}
