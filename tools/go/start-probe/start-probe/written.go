package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// maxWritten limits the report. A program that writes more files than that has one cause.
const maxWritten = 20

// state identifies the content of a path: what changes when a program writes it.
type state struct {
	mode    fs.FileMode
	size    int64
	changed int64
	inode   uint64
}

// snapshot reads the state of every path below a folder, except for the ignored ones.
func snapshot(root string, ignored []string) map[string]state {
	found := map[string]state{}
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if slices.Contains(ignored, path) {
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		// What this user cannot read, the program cannot have written.
		if err != nil {
			return nil
		}
		info, err := os.Lstat(path)
		if err != nil {
			return nil
		}
		current := state{mode: info.Mode(), inode: inodeOf(info)}
		// The time and the size of a folder change with the files in it, which are reported themselves.
		if !entry.IsDir() {
			current.size, current.changed = info.Size(), info.ModTime().UnixNano()
		}
		found[path] = current
		return nil
	})
	return found
}

func inodeOf(info fs.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && !info.IsDir() {
		return stat.Ino
	}
	return 0
}

// changes returns the paths that differ, sorted.
func changes(before, after map[string]state) []string {
	paths := []string{}
	for path, current := range after {
		if earlier, ok := before[path]; !ok || earlier != current {
			paths = append(paths, path)
		}
	}
	for path := range before {
		if _, ok := after[path]; !ok {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths[:min(len(paths), maxWritten)]
}
