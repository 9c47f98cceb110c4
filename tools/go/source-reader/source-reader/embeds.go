package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// maxEmbedded limits the files of one pattern.
const maxEmbedded = 200000

// Embed is a //go:embed pattern of a package that the program imports.
type Embed struct {
	// Directory of the package.
	Directory string `json:"directory"`
	Vendored  bool   `json:"vendored"`
	Pattern   string `json:"pattern"`
	// Positions of the pattern, as file:line:column.
	Positions []string `json:"positions"`
	// Files that the pattern matches.
	Files []string `json:"files"`
	// Cover is a shorter list of files and folders with the same files: a folder stands for all its files.
	Cover []string `json:"cover"`
	// Error is the message of the go command if it refuses the pattern.
	Error   string   `json:"error,omitempty"`
	Targets []string `json:"targets"`
}

func (r *reader) readEmbeds() {
	for _, loaded := range r.packages {
		embeds := map[string]*Embed{}
		for _, target := range r.request.Targets {
			built := loaded.builds[target]
			if built == nil {
				continue
			}
			for _, pattern := range built.EmbedPatterns {
				embed := embeds[pattern]
				if embed == nil {
					embed = &Embed{Directory: r.relative(loaded.folder), Vendored: loaded.vendored, Pattern: pattern}
					r.resolve(loaded.folder, embed)
					embeds[pattern] = embed
				}
				embed.Targets = append(embed.Targets, target.String())
				for _, position := range built.EmbedPatternPos[pattern] {
					if text := r.position(position); !slices.Contains(embed.Positions, text) {
						embed.Positions = append(embed.Positions, text)
					}
				}
			}
		}
		for _, embed := range embeds {
			slices.Sort(embed.Positions)
			r.facts.Embeds = append(r.facts.Embeds, *embed)
		}
	}
}

// resolve finds the files of a pattern by the rules of the go command (resolveEmbed in cmd/go/internal/load/pkg.go of Go 1.26).
func (r *reader) resolve(folder string, embed *Embed) {
	matcher := &embedMatcher{folder: folder, files: map[string]bool{}}
	embed.Files, embed.Cover = []string{}, []string{}
	if err := matcher.match(embed.Pattern); err != nil {
		embed.Error = err.Error()
	}
	for file := range matcher.files {
		embed.Files = append(embed.Files, r.relative(filepath.Join(folder, filepath.FromSlash(file))))
	}
	for _, covered := range matcher.cover {
		embed.Cover = append(embed.Cover, r.relative(filepath.Join(folder, filepath.FromSlash(covered))))
	}
	slices.Sort(embed.Files)
	slices.Sort(embed.Cover)
	for _, file := range embed.Files {
		r.checkPointer(filepath.Join(r.root, filepath.FromSlash(file)))
	}
}

type embedMatcher struct {
	folder string
	files  map[string]bool
	cover  []string
}

func (m *embedMatcher) match(pattern string) error {
	glob, all := strings.CutPrefix(pattern, "all:")
	if _, err := path.Match(glob, ""); err != nil || glob == "." || !fs.ValidPath(glob) {
		return fmt.Errorf("invalid pattern syntax")
	}
	matches, err := fs.Glob(os.DirFS(m.folder), glob)
	if err != nil {
		return err
	}
	for _, file := range matches {
		if err := m.add(file, all); err != nil {
			return err
		}
	}
	if len(m.files) == 0 {
		return fmt.Errorf("no matching files found")
	}
	return nil
}

func (m *embedMatcher) add(file string, all bool) error {
	info, err := os.Lstat(m.absolute(file))
	if err != nil {
		return err
	}
	what := "file"
	if info.IsDir() {
		what = "directory"
	}
	for folder := file; folder != "."; folder = path.Dir(folder) {
		if _, err := os.Stat(m.absolute(path.Join(folder, "go.mod"))); err == nil {
			return fmt.Errorf("cannot embed %s %s: in different module", what, file)
		}
		if folder != file {
			if info, err := os.Lstat(m.absolute(folder)); err == nil && !info.IsDir() {
				return fmt.Errorf("cannot embed %s %s: in non-directory %s", what, file, folder)
			}
		}
		if name := path.Base(folder); isBadName(name) {
			if folder == file {
				return fmt.Errorf("cannot embed %s %s: invalid name %s", what, file, name)
			}
			return fmt.Errorf("cannot embed %s %s: in invalid directory %s", what, file, name)
		}
	}
	switch {
	case info.Mode().IsRegular():
		m.files[file] = true
		m.cover = append(m.cover, file)
		return nil
	case info.IsDir():
		covered, found, err := m.walk(file, all)
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("cannot embed directory %s: contains no embeddable files", file)
		}
		m.cover = append(m.cover, covered...)
		return nil
	default:
		return fmt.Errorf("cannot embed irregular file %s", file)
	}
}

// walk adds the files of a folder. It returns the files and folders that cover them, and whether the folder contains anything at all.
func (m *embedMatcher) walk(folder string, all bool) (cover []string, found bool, err error) {
	entries, err := os.ReadDir(m.absolute(folder))
	if err != nil {
		return nil, false, err
	}
	complete := true
	for _, entry := range entries {
		name := entry.Name()
		file := path.Join(folder, name)
		hidden := name[0] == '.' || name[0] == '_'
		if isBadName(name) || hidden && !all {
			complete = false
			if !hidden && !entry.IsDir() {
				return nil, false, fmt.Errorf("cannot embed file %s: invalid name %s", file, name)
			}
			continue
		}
		if entry.IsDir() {
			if _, err := os.Stat(m.absolute(path.Join(file, "go.mod"))); err == nil {
				complete = false
				continue
			}
			inner, innerFound, err := m.walk(file, all)
			if err != nil {
				return nil, false, err
			}
			found = found || innerFound
			cover = append(cover, inner...)
			complete = complete && (!innerFound || len(inner) == 1 && inner[0] == file)
			continue
		}
		if !entry.Type().IsRegular() {
			complete = false
			continue
		}
		if len(m.files) >= maxEmbedded {
			return nil, false, fmt.Errorf("more than %d files match", maxEmbedded)
		}
		found = true
		m.files[file] = true
		cover = append(cover, file)
	}
	if complete && found {
		cover = []string{folder}
	}
	return cover, found, nil
}

func (m *embedMatcher) absolute(file string) string {
	return filepath.Join(m.folder, filepath.FromSlash(file))
}

// isBadName reports names that a module cannot contain, and folders of version control.
func isBadName(name string) bool {
	if module.CheckFilePath(name) != nil {
		return true
	}
	switch name {
	case ".bzr", ".hg", ".git", ".svn":
		return true
	}
	return false
}
