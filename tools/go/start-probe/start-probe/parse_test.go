package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestParseSocketsReadsListenersOfBothFamiliesAndWhetherOthersReachThem(t *testing.T) {
	const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
   2: 0100007F:1F92 0100007F:8C3A 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
   3: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0 0 0
   4: 00000000000000000000000000000000:0051 00000000000000000000000000000000:0000 0A 0 0 0
   5: 0000000000000000FFFF00000100007F:0052 00000000000000000000000000000000:0000 0A 0 0 0
`
	expected := []Socket{{8080, false}, {8081, true}, {80, true}, {81, false}, {82, true}}
	if found := parseSockets(table); !reflect.DeepEqual(found, expected) {
		t.Fatalf("expected %v, got %v", expected, found)
	}
}

func TestParseMetricsReadsNamesLabelsAndTypesOfBothTextFormats(t *testing.T) {
	const text = `# HELP http_requests_total Requests.
# TYPE http_requests_total counter
http_requests_total{code="200",path="/a b",quoted="x\"},y{"} 1
http_requests_total{code="500",method="GET",} 2 1700000000000
# TYPE latency histogram
latency_bucket{le="+Inf"} 3
latency_sum 1.5
latency_count 3
# TYPE served counter
served_total{code="200"} 1.0 # {trace_id="abc"} 1
{"http.server.duration","http.method"="GET"} 1
up 1
# EOF
`
	expected := []Metric{
		{"http.server.duration", []string{"http.method"}, ""},
		{"http_requests_total", []string{"code", "method", "path", "quoted"}, "counter"},
		{"latency_bucket", []string{"le"}, "histogram"},
		{"latency_count", []string{}, "histogram"},
		{"latency_sum", []string{}, "histogram"},
		{"served_total", []string{"code"}, "counter"},
		{"up", []string{}, ""},
	}
	if found := parseMetrics(text); !reflect.DeepEqual(found, expected) {
		t.Fatalf("expected %v,\ngot %v", expected, found)
	}
}

func TestParseMetricsFindsNoneInAPage(t *testing.T) {
	if found := parseMetrics("<!doctype html>\n<html><body>\n<p class=\"a\"> one </p>\n"); len(found) != 0 {
		t.Fatalf("found %v", found)
	}
}

func TestHasNeedsEveryNameWithItsLabels(t *testing.T) {
	scrape := &Scrape{Metrics: parseMetrics("a_total{status=\"200\"} 1\n")}
	for _, example := range []struct {
		expected []Metric
		found    bool
	}{
		{[]Metric{{Name: "a_total", Labels: []string{"status"}}}, true},
		{[]Metric{{Name: "a_total", Labels: []string{"code"}}}, false},
		{[]Metric{{Name: "a_total"}, {Name: "b_bucket"}}, false},
	} {
		if found := scrape.has(example.expected); found != example.found {
			t.Errorf("%v: expected %v", example.expected, example.found)
		}
	}
}

func TestLinesKeepsTheReasonOfAPanicAndTheEndOfALog(t *testing.T) {
	output := &tail{}
	for range 50 {
		_, _ = output.Write([]byte("before\n"))
	}
	_, _ = output.Write([]byte("panic: broken\n\ngoroutine 1 [running]:\n"))
	for range 200 {
		_, _ = output.Write([]byte("main.f()\n"))
	}
	lines := output.lines()
	if len(lines) != maxLines || lines[5] != "panic: broken" {
		t.Fatalf("got %q", lines)
	}
}

func TestChangesAreNewChangedAndRemovedPaths(t *testing.T) {
	before := map[string]state{"/same": {size: 1}, "/changed": {size: 1}, "/removed": {}}
	after := map[string]state{"/same": {size: 1}, "/changed": {size: 2}, "/new": {}}
	if found := changes(before, after); !reflect.DeepEqual(found, []string{"/changed", "/new", "/removed"}) {
		t.Fatalf("got %v", found)
	}
}

func TestAReportHasListsWhereNothingWasFound(t *testing.T) {
	text, err := json.Marshal(start(Plan{Command: []string{"/no/such/program"}}))
	if err != nil || string(text) != `{"program":{"problem":"not-found","missing":["/no/such/program"]},"listening":[],"requests":[],"written":[],"output":[]}` {
		t.Fatalf("got %s, %v", text, err)
	}
}

func TestASnapshotSeesWritesAndSkipsIgnoredFolders(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ignored := []string{filepath.Join(root, "tmp")}
	write("data/old", "a")
	before := snapshot(root, ignored)
	write("data/old", "changed")
	write("data/new", "")
	write("tmp/free", "")
	expected := []string{filepath.Join(root, "data/new"), filepath.Join(root, "data/old")}
	if found := changes(before, snapshot(root, ignored)); !reflect.DeepEqual(found, expected) {
		t.Fatalf("got %v", found)
	}
}
