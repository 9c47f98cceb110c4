// trivy-database writes the small database that stands in for trivy's feed where that can't be reached, with trivy's own store.
//
//	trivy-database ADVISORIES OUT    →  OUT/db/{trivy.db,metadata.json}    (OUT is trivy's cache folder)
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/aquasecurity/trivy-db/pkg/db"
	"github.com/aquasecurity/trivy-db/pkg/metadata"
	"github.com/aquasecurity/trivy-db/pkg/types"
	bolt "go.etcd.io/bbolt"
)

// advisory is one hand-written file of the ADVISORIES folder.
type advisory struct {
	GHSA      string `json:"ghsa"`
	CVE       string `json:"cve"`
	Module    string `json:"module"`
	Fixed     string `json:"fixed"`
	Severity  string `json:"severity"`
	Summary   string `json:"summary"`
	Published string `json:"published"`
}

var source = types.DataSource{ID: "ghsa", Name: "GitHub Security Advisory Go", URL: "https://github.com/advisories?query=type%3Areviewed+ecosystem%3Ago"}

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: trivy-database ADVISORIES OUT"))
	}
	directory := filepath.Join(os.Args[2], "db")
	fail(os.MkdirAll(directory, 0o755))
	newest := write(directory, read(os.Args[1]))
	// Its time is that of the newest advisory, never the clock.
	fail(metadata.NewClient(directory).Update(metadata.Metadata{Version: db.SchemaVersion, UpdatedAt: newest, NextUpdate: newest, DownloadedAt: newest}))
}

func read(directory string) []advisory {
	files, err := filepath.Glob(filepath.Join(directory, "*.json"))
	fail(err)
	sort.Strings(files)
	if len(files) == 0 {
		fail(fmt.Errorf("no advisories in %s", directory))
	}
	var all []advisory
	for _, file := range files {
		text, err := os.ReadFile(file)
		fail(err)
		var one advisory
		if err := json.Unmarshal(text, &one); err != nil {
			fail(fmt.Errorf("%s: %w", file, err))
		}
		all = append(all, one)
	}
	return all
}

func write(directory string, advisories []advisory) time.Time {
	var newest time.Time
	fail(db.Init(directory))
	store := db.Config{}
	bucket := "go::" + source.Name
	fail(store.BatchUpdate(func(tx *bolt.Tx) error {
		fail(store.PutDataSource(tx, bucket, source))
		for _, one := range advisories {
			published, err := time.Parse(time.DateOnly, one.Published)
			fail(err)
			if published.After(newest) {
				newest = published
			}
			severity, err := types.NewSeverity(strings.ToUpper(one.Severity))
			fail(err)
			fail(store.PutAdvisory(tx, []string{bucket, one.Module}, one.CVE, &types.Advisory{
				VendorIDs: []string{one.GHSA}, PatchedVersions: []string{one.Fixed}, VulnerableVersions: []string{"<" + one.Fixed},
			}))
			fail(store.PutVulnerability(tx, one.CVE, types.Vulnerability{
				Title: one.Summary, Severity: severity.String(), VendorSeverity: types.VendorSeverity{source.ID: severity},
				PublishedDate: &published, References: []string{"https://github.com/advisories/" + one.GHSA},
			}))
		}
		return nil
	}))
	fail(db.Close())
	return newest
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "trivy-database:", strings.TrimSpace(err.Error()))
		os.Exit(1)
	}
}
