package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxListed limits the files below one listed path.
const maxListed = 200000

// ListedPath is one of the requested paths.
type ListedPath struct {
	// Path as it was requested.
	Path string `json:"path"`
	// Kind is "file", "folder", "missing" or "other" (a link or a device).
	Kind  string   `json:"kind"`
	Files []string `json:"files"`
}

func (r *reader) listPaths() {
	for _, requested := range r.request.Paths {
		listed := ListedPath{Path: requested, Kind: "missing", Files: []string{}}
		root := filepath.Join(r.moduleFolder(), filepath.FromSlash(requested))
		info, err := os.Lstat(root)
		switch {
		case err != nil || !r.isInside(root):
		case info.Mode().IsRegular():
			listed.Kind = "file"
			r.listFile(root, &listed)
		case info.IsDir():
			listed.Kind = "folder"
			_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
				if err != nil {
					return nil
				}
				if entry.IsDir() && entry.Name() == ".git" {
					return fs.SkipDir
				}
				if len(listed.Files) >= maxListed {
					r.problem("limit", "", "%s contains more than %d files", requested, maxListed)
					return fs.SkipAll
				}
				if entry.Type().IsRegular() {
					r.listFile(path, &listed)
				}
				return nil
			})
		default:
			listed.Kind = "other"
		}
		slices.Sort(listed.Files)
		r.facts.Paths = append(r.facts.Paths, listed)
	}
}

func (r *reader) listFile(path string, listed *ListedPath) {
	listed.Files = append(listed.Files, r.relative(path))
	r.checkPointer(path)
}

// pointerStart is the first line of every Git LFS pointer (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
var pointerStart = []byte("version https://git-lfs.github.com/spec/v1\n")

// maxPointer is the size below which a file can be a pointer, from the same specification.
const maxPointer = 1024

func (r *reader) checkPointer(path string) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() >= maxPointer {
		return
	}
	data, err := os.ReadFile(path)
	if name := r.relative(path); err == nil && bytes.HasPrefix(data, pointerStart) && !slices.Contains(r.facts.LfsPointers, name) {
		r.facts.LfsPointers = append(r.facts.LfsPointers, name)
	}
}

// findPointers checks the files of a package, and libraries that cgo links.
func (r *reader) findPointers(loaded *loadedPackage) {
	cgo := slices.ContainsFunc(r.request.Targets, func(target Target) bool { return target.Cgo })
	entries, _ := os.ReadDir(loaded.folder)
	for _, entry := range entries {
		extension := filepath.Ext(entry.Name())
		if slices.Contains([]string{".go", ".s", ".h", ".syso", ".pgo"}, extension) && !strings.HasSuffix(entry.Name(), "_test.go") ||
			cgo && slices.Contains([]string{".c", ".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".S", ".m", ".a"}, extension) {
			r.checkPointer(filepath.Join(loaded.folder, entry.Name()))
		}
	}
}

// findLinks finds the symbolic links on the way to the files of a package. Only the context of the build contains their targets.
func (r *reader) findLinks(loaded *loadedPackage) {
	for folder := loaded.folder; folder != r.root && r.isInside(folder); folder = filepath.Dir(folder) {
		r.addLink(folder)
	}
	for _, built := range loaded.builds {
		for _, file := range sourceFiles(built) {
			r.addLink(filepath.Join(loaded.folder, file))
		}
	}
}

func (r *reader) addLink(path string) {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return
	}
	link := Link{Path: r.relative(path)}
	if target, err := filepath.EvalSymlinks(path); err == nil && r.isInside(target) {
		link.Target = r.relative(target)
	}
	if !slices.Contains(r.facts.Links, link) {
		r.facts.Links = append(r.facts.Links, link)
	}
}
