// Command service-reader reads how the services of a Go module listen, answer probes and count requests, from its source alone. It runs
// nothing of what it reads, and needs no module downloads. Positions are relative to the root of the checkout.
//
//	service-reader <root of the checkout> <folder of go.mod, relative to it>
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// Position is where a fact was found.
type Position struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// Reading is what the source says. Package names the folder that a fact was found in, so that facts of other programs can be left out.
type Reading struct {
	Module      string       `json:"module"`
	GoMod       Position     `json:"goMod"`
	Packages    []Package    `json:"packages"`
	Addresses   []Address    `json:"addresses"`
	Paths       []Path       `json:"paths"`
	Metrics     []Metric     `json:"metrics"`
	Files       []File       `json:"files"`
	Dockerfiles []Dockerfile `json:"dockerfiles"`
	Skipped     []Skipped    `json:"skipped"`
}

// Skipped is a file that could not be read, with the reason.
type Skipped struct {
	Position
	Reason string `json:"reason"`
}

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("use: service-reader <root of the checkout> <folder of go.mod>"))
	}
	reading, err := read(os.Args[1], os.Args[2])
	if err != nil {
		// The source is wrong, and not its reader.
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(reading); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func read(root, directory string) (*Reading, error) {
	source, err := loadModule(root, directory)
	if err != nil {
		return nil, err
	}
	reading := &Reading{
		Module:      source.module,
		GoMod:       source.goMod,
		Packages:    []Package{},
		Addresses:   []Address{},
		Paths:       []Path{},
		Metrics:     []Metric{},
		Files:       []File{},
		Dockerfiles: []Dockerfile{},
		Skipped:     source.skipped,
	}
	for _, pkg := range source.packages {
		reading.Packages = append(reading.Packages, pkg.Package)
		for _, file := range pkg.files {
			scope := &scope{source: source, pkg: pkg, file: file}
			reading.Addresses = append(reading.Addresses, scope.addresses()...)
			reading.Paths = append(reading.Paths, scope.paths()...)
			reading.Metrics = append(reading.Metrics, scope.metrics()...)
			reading.Files = append(reading.Files, scope.files()...)
		}
	}
	dockerfiles, skipped := readDockerfiles(root)
	reading.Dockerfiles = append(reading.Dockerfiles, dockerfiles...)
	reading.Skipped = append(reading.Skipped, skipped...)
	return reading, nil
}
