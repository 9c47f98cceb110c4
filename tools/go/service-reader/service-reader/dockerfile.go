package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// Dockerfile is what the last stage of a Dockerfile says about running its image.
type Dockerfile struct {
	File       string    `json:"file"`
	Ports      []Port    `json:"ports"`
	Entrypoint *Command  `json:"entrypoint,omitempty"`
	Command    *Command  `json:"command,omitempty"`
	Health     *Command  `json:"health,omitempty"`
	Settings   []Setting `json:"settings"`
	// Copies are those of the image. Context are those of every stage that come from the build context.
	Copies     []Copy     `json:"copies"`
	Context    []Copy     `json:"context"`
	Volumes    []string   `json:"volumes"`
	WorkDir    string     `json:"workDir"`
	CgoEnabled *CgoSwitch `json:"cgoEnabled,omitempty"`
}

type Port struct {
	Port string `json:"port"`
	Position
}

// Command is the argv of an instruction. Shell says that its one argument is a line for a shell.
type Command struct {
	Arguments []string `json:"arguments"`
	Shell     bool     `json:"shell"`
	Position
}

type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Position
}

// Copy is a file of the build context, or of a stage, with its place in the image.
type Copy struct {
	From        string `json:"from"`
	Source      string `json:"source"`
	Destination string `json:"destination"`
	Position
}

// CgoSwitch is a CGO_ENABLED of any stage.
type CgoSwitch struct {
	Enabled bool `json:"enabled"`
	Position
}

const maxFolderDepth = 3

// dockerfileName has the names of BuildKit and Podman, and those with a variant before or after: Dockerfile-alpine, alpine.Dockerfile.
var dockerfileName = regexp.MustCompile(`^(?:(?:Dockerfile|Containerfile)(?:[.-][\w.-]+)?|[\w.-]+\.[Dd]ockerfile)$`)

func readDockerfiles(root string) ([]Dockerfile, []Skipped) {
	names := []string{}
	_ = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		relative, _ := filepath.Rel(root, name)
		if entry.IsDir() {
			base := entry.Name()
			if relative != "." && ((strings.HasPrefix(base, ".") && base != ".docker") || base == "vendor" || base == "testdata" || base == "node_modules" || strings.Count(relative, "/") >= maxFolderDepth) {
				return fs.SkipDir
			}
			return nil
		}
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && dockerfileName.MatchString(entry.Name()) {
			names = append(names, filepath.ToSlash(relative))
		}
		return nil
	})
	// What is hidden comes last: a Dockerfile beside go.mod says more.
	sort.Slice(names, func(a, b int) bool {
		hiddenA, hiddenB := strings.HasPrefix(names[a], "."), strings.HasPrefix(names[b], ".")
		return (hiddenA == hiddenB && names[a] < names[b]) || (!hiddenA && hiddenB)
	})
	found, skipped := []Dockerfile{}, []Skipped{}
	for _, name := range names {
		dockerfile, err := readDockerfile(root, name)
		if err != nil {
			skipped = append(skipped, Skipped{Position{name, 0}, err.Error()})
			continue
		}
		found = append(found, *dockerfile)
	}
	return found, skipped
}

func readDockerfile(root, name string) (*Dockerfile, error) {
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	stages, arguments, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return nil, err
	}
	found := &Dockerfile{File: name, Ports: []Port{}, Settings: []Setting{}, Copies: []Copy{}, Context: []Copy{}, Volumes: []string{}}
	if len(stages) == 0 {
		return found, nil
	}
	for _, stage := range stages {
		for _, command := range stage.Commands {
			if copied, ok := command.(*instructions.CopyCommand); ok && copied.From == "" {
				for _, source := range copied.SourcePaths {
					found.Context = append(found.Context, Copy{"", source, copied.DestPath, at(name, command)})
				}
			}
			for _, word := range words(command) {
				if value, ok := strings.CutPrefix(word, "CGO_ENABLED="); ok && (value == "0" || value == "1") {
					found.CgoEnabled = &CgoSwitch{value == "1", at(name, command)}
				}
			}
		}
	}
	environment := []string{}
	for _, argument := range arguments {
		for _, pair := range argument.Args {
			environment = append(environment, pair.Key+"="+pair.ValueString())
		}
	}
	lexer := shell.NewLex(parsed.EscapeToken)
	expand := func(text string) string {
		result, _, err := lexer.ProcessWord(text, shell.EnvsFromSlice(environment))
		if err != nil {
			return text
		}
		return result
	}
	for _, index := range lineage(stages) {
		for _, command := range stages[index].Commands {
			environment = found.apply(command, name, expand, environment)
		}
	}
	return found, nil
}

// lineage has the last stage and the stages that it is built FROM, first things first.
func lineage(stages []instructions.Stage) []int {
	order := []int{}
	for index := len(stages) - 1; index >= 0; {
		order = append([]int{index}, order...)
		base, next := stages[index].BaseName, -1
		for candidate := 0; candidate < index; candidate++ {
			if stages[candidate].Name != "" && strings.EqualFold(stages[candidate].Name, base) {
				next = candidate
			}
		}
		index = next
	}
	return order
}

func (d *Dockerfile) apply(command instructions.Command, name string, expand func(string) string, environment []string) []string {
	switch value := command.(type) {
	case *instructions.ArgCommand:
		for _, pair := range value.Args {
			if pair.Value != nil {
				environment = append(environment, pair.Key+"="+expand(*pair.Value))
			}
		}
	case *instructions.EnvCommand:
		for _, pair := range value.Env {
			environment = append(environment, pair.Key+"="+expand(pair.Value))
			d.Settings = append(d.Settings, Setting{pair.Key, expand(pair.Value), at(name, command)})
		}
	case *instructions.ExposeCommand:
		for _, port := range value.Ports {
			d.Ports = append(d.Ports, Port{expand(port), at(name, command)})
		}
	case *instructions.EntrypointCommand:
		d.Entrypoint = commandOf(value.CmdLine, value.PrependShell, at(name, command))
		d.Command = nil
	case *instructions.CmdCommand:
		d.Command = commandOf(value.CmdLine, value.PrependShell, at(name, command))
	case *instructions.HealthCheckCommand:
		if value.Health != nil && len(value.Health.Test) > 1 {
			d.Health = commandOf(value.Health.Test[1:], value.Health.Test[0] == "CMD-SHELL", at(name, command))
		}
	case *instructions.WorkdirCommand:
		d.WorkDir = expand(value.Path)
	case *instructions.VolumeCommand:
		for _, volume := range value.Volumes {
			d.Volumes = append(d.Volumes, expand(volume))
		}
	case *instructions.CopyCommand:
		d.copies(value.SourcesAndDest, value.From, at(name, command), expand)
	case *instructions.AddCommand:
		d.copies(value.SourcesAndDest, "", at(name, command), expand)
	}
	return environment
}

func (d *Dockerfile) copies(files instructions.SourcesAndDest, from string, position Position, expand func(string) string) {
	destination := expand(files.DestPath)
	if !filepath.IsAbs(destination) {
		trailing := strings.HasSuffix(destination, "/") || destination == "."
		destination = filepath.Join("/", d.WorkDir, destination)
		if trailing {
			destination += "/"
		}
	}
	for _, source := range files.SourcePaths {
		d.Copies = append(d.Copies, Copy{from, expand(source), destination, position})
	}
}

func commandOf(line []string, prependShell bool, position Position) *Command {
	return &Command{append([]string{}, line...), prependShell, position}
}

func words(command instructions.Command) []string {
	switch value := command.(type) {
	case *instructions.EnvCommand:
		found := []string{}
		for _, pair := range value.Env {
			found = append(found, pair.Key+"="+pair.Value)
		}
		return found
	case *instructions.RunCommand:
		return strings.Fields(strings.Join(value.CmdLine, " "))
	}
	return nil
}

func at(name string, command instructions.Command) Position {
	if ranges := command.Location(); len(ranges) > 0 {
		return Position{name, ranges[0].Start.Line}
	}
	return Position{name, 0}
}
