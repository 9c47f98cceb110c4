package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// goModule writes a module with a package and its test, and runs its tests.
func goModule(t *testing.T, timeoutSeconds float64, files map[string]string) TestReport {
	t.Helper()
	directory := t.TempDir()
	files["go.mod"] = "module example.com/m\n\ngo 1.22\n"
	for name, text := range files {
		path := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(directory)
	return runTests(TestPlan{Command: []string{"go", "test", "-json", "./..."}, TimeoutSeconds: timeoutSeconds})
}

const head = "package a\n\nimport \"testing\"\n\n"

func TestPassedTestsAreCounted(t *testing.T) {
	report := goModule(t, 200, map[string]string{
		"a/a_test.go": head + "func TestOne(t *testing.T) {}\nfunc TestTwo(t *testing.T) { t.Skip() }\n",
		"b/b.go":      "package b\n",
	})
	if !report.isPassed() {
		t.Fatalf("not passed: %+v", report)
	}
	index := slices.IndexFunc(report.Packages, func(tested TestedPackage) bool { return tested.Package == "example.com/m/a" })
	if tested := report.Packages[index]; tested.Passed != 1 || tested.Skipped != 1 || tested.Result != "passed" {
		t.Errorf("%+v", tested)
	}
}

func TestAFailedSubtestIsReportedOnceWithItsOutput(t *testing.T) {
	report := goModule(t, 200, map[string]string{
		"a/a_test.go": head + "func TestOne(t *testing.T) { t.Run(\"inner\", func(t *testing.T) { t.Error(\"got 3, want 4\") }) }\n",
	})
	if report.isPassed() || report.Failed != 1 || len(report.Failures) != 1 || report.Failures[0].Test != "TestOne/inner" {
		t.Fatalf("%+v", report)
	}
	if !strings.Contains(strings.Join(report.Failures[0].Output, "\n"), "a_test.go:5: got 3, want 4") {
		t.Errorf("%q", report.Failures[0].Output)
	}
}

func TestATestThatDoesNotCompileIsReportedWithTheErrorOfTheCompiler(t *testing.T) {
	report := goModule(t, 200, map[string]string{"a/a_test.go": head + "func TestOne(t *testing.T) { missing() }\n"})
	if report.isPassed() || len(report.Failures) != 1 || report.Failures[0].Test != "" {
		t.Fatalf("%+v", report)
	}
	if !strings.Contains(strings.Join(append(report.Failures[0].Output, report.Output...), "\n"), "undefined: missing") {
		t.Errorf("%+v", report)
	}
}

func TestASourceWithoutTestsDoesNotPass(t *testing.T) {
	if report := goModule(t, 200, map[string]string{"a/a.go": "package a\n"}); report.isPassed() {
		t.Errorf("%+v", report)
	}
}

func TestTheTimeoutEndsTestsThatWait(t *testing.T) {
	started := time.Now()
	report := goModule(t, 5, map[string]string{
		"a/a_test.go": head + "func TestWaits(t *testing.T) { select {} }\nfunc init() { go func() { select {} }() }\n",
	})
	if report.isPassed() || !report.TimedOut {
		t.Errorf("%+v", report)
	}
	if time.Since(started) > 150*time.Second {
		t.Errorf("took %v", time.Since(started))
	}
}

func TestLongOutputIsCut(t *testing.T) {
	lines := []string{}
	for range 100 {
		lines = keep(lines, strings.Repeat("ä", 1000)+"\n")
	}
	if len(lines) != maxFailureLines || len(lines[0]) > maxLineLength+4 {
		t.Errorf("%d lines of %d bytes", len(lines), len(lines[0]))
	}
}
