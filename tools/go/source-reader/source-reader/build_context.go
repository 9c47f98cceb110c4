package main

import (
	"fmt"
	"go/build"
	"go/version"
	"slices"
	"strings"
)

// experimentsByDefault are the experiments that are on in the Go that compiled this program.
var experimentsByDefault = filter(build.Default.ToolTags, func(tag string) bool { return strings.HasPrefix(tag, "goexperiment.") })

// context returns how go/build selects files for a target: build tags, experiments and the features of the architecture.
func (r *reader) context(target Target, cgo bool) *build.Context {
	context := build.Default
	context.GOOS = target.OS
	context.GOARCH = target.Arch
	context.CgoEnabled = cgo
	context.Compiler = "gc"
	context.GOPATH = ""
	context.BuildTags = r.request.Tags
	context.ToolTags = append(architectureTags(target.Arch, r.request.Amd64), experimentTags(r.request.Experiments)...)
	return &context
}

func experimentTags(names []string) []string {
	tags := slices.Clone(experimentsByDefault)
	for _, name := range names {
		tag := "goexperiment." + strings.ToLower(name)
		if off, ok := strings.CutPrefix(tag, "goexperiment.no"); ok {
			tags = filter(tags, func(other string) bool { return other != "goexperiment."+off })
		} else if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}

// architectureTags are the tags of internal/buildcfg for the default level of each architecture, and for GOAMD64.
func architectureTags(architecture, amd64 string) []string {
	switch architecture {
	case "386":
		return []string{"386.sse2"}
	case "amd64":
		tags := []string{"amd64.v1"}
		for level := '2'; amd64 != "" && level <= rune(amd64[len(amd64)-1]); level++ {
			tags = append(tags, fmt.Sprintf("amd64.v%c", level))
		}
		return tags
	case "arm":
		return []string{"arm.5", "arm.6", "arm.7"}
	case "arm64":
		return []string{"arm64.v8.0"}
	case "mips", "mipsle", "mips64", "mips64le":
		return []string{architecture + ".hardfloat"}
	case "ppc64", "ppc64le":
		return []string{architecture + ".power8"}
	case "riscv64":
		return []string{"riscv64.rva20u64"}
	case "wasm":
		return []string{"wasm.satconv", "wasm.signext"}
	}
	return nil
}

func olderThan(goVersion, limit string) bool {
	return version.Compare("go"+goVersion, "go"+limit) < 0
}

func filter[T any](values []T, keep func(T) bool) []T {
	var kept []T
	for _, value := range values {
		if keep(value) {
			kept = append(kept, value)
		}
	}
	return kept
}
