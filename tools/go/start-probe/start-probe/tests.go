package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// testMarker precedes the report of tests that did not pass. lib/image/tests/test-report.ts looks for it.
const testMarker = "bowline-test-report "

// BuildKit limits the output of a step (moby/buildkit, util/progress/logs): the report of failed tests must fit.
const (
	maxFailures     = 10
	maxFailureLines = 40
	maxLineLength   = 200
)

// TestPlan says which tests run. lib/image/tests/test-plan.ts writes it.
type TestPlan struct {
	// Command is the argv of go test, with -json.
	Command []string `json:"command"`
	// TimeoutSeconds limits all tests together.
	TimeoutSeconds float64 `json:"timeoutSeconds"`
}

// TestReport is the result of all tests. lib/image/tests/test-report.ts parses it.
type TestReport struct {
	Packages []TestedPackage `json:"packages"`
	// Failures has the first failed tests with the end of their output.
	Failures []TestFailure `json:"failures"`
	// Failed is the number of failed tests and packages, also of those that are not listed.
	Failed   int  `json:"failed"`
	TimedOut bool `json:"timedOut"`
	ExitCode int  `json:"exitCode"`
	// Output has the last lines that belong to no package, such as an error of the go command.
	Output []string `json:"output"`
	// StartedAt tells a result that BuildKit kept from a new one.
	StartedAt string `json:"startedAt"`
}

// TestedPackage is the result of one package.
type TestedPackage struct {
	Package string  `json:"package"`
	Result  string  `json:"result"`
	Passed  int     `json:"passed"`
	Failed  int     `json:"failed"`
	Skipped int     `json:"skipped"`
	Seconds float64 `json:"seconds"`
}

// TestFailure is a failed test, or a package that failed without one: it does not compile, or ended early.
type TestFailure struct {
	Package string   `json:"package"`
	Test    string   `json:"test,omitempty"`
	Output  []string `json:"output"`
}

// testEvent is a line of go test -json (https://pkg.go.dev/cmd/test2json, https://pkg.go.dev/cmd/go#hdr-Build__json_encoding).
type testEvent struct {
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Elapsed     float64
	Output      string
	FailedBuild string
}

// testResults collects events.
type testResults struct {
	order    []string
	packages map[string]*TestedPackage
	failures []TestFailure
	failed   int
	output   map[string][]string
	stray    []string
}

func runTests(plan TestPlan) TestReport {
	results := &testResults{packages: map[string]*TestedPackage{}, output: map[string][]string{}}
	startedAt := time.Now().UTC().Format(time.RFC3339)
	command := exec.Command(plan.Command[0], plan.Command[1:]...)
	// A group of its own, so that the timeout ends every process.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	reader, writer := io.Pipe()
	command.Stdout, command.Stderr = writer, writer
	// A process that a test leaves behind keeps the output open.
	command.WaitDelay = 2 * time.Second
	if err := command.Start(); err != nil {
		return TestReport{Packages: []TestedPackage{}, Failures: []TestFailure{}, Failed: 1, ExitCode: exitBroken, Output: []string{err.Error()}, StartedAt: startedAt}
	}
	timedOut := false
	ended := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-ended:
		case <-time.After(time.Duration(plan.TimeoutSeconds * float64(time.Second))):
			timedOut = true
			// The runtime of a test prints what its goroutines wait for; the go command ignores the signal.
			_ = syscall.Kill(-command.Process.Pid, syscall.SIGQUIT)
			select {
			case <-ended:
			case <-time.After(5 * time.Second):
			}
			_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		}
	}()
	read := make(chan struct{})
	go func() {
		defer close(read)
		results.read(reader)
	}()
	err := command.Wait()
	close(ended)
	_ = writer.Close()
	<-read
	<-watched
	exitCode := command.ProcessState.ExitCode()
	if err != nil && exitCode == 0 && !errors.Is(err, exec.ErrWaitDelay) {
		exitCode = exitBroken
	}
	return results.report(exitCode, timedOut, startedAt)
}

func (results *testResults) read(reader io.Reader) {
	lines := bufio.NewReader(reader)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			results.line(string(line))
		}
		if err != nil {
			return
		}
	}
}

func (results *testResults) line(line string) {
	var event testEvent
	if !strings.HasPrefix(line, "{") || json.Unmarshal([]byte(line), &event) != nil || event.Action == "" {
		results.stray = keep(results.stray, line)
		return
	}
	switch event.Action {
	case "build-output":
		results.output[event.ImportPath] = keep(results.output[event.ImportPath], event.Output)
	case "output":
		results.keepOutput(event)
	case "pass", "fail", "skip":
		if event.Package != "" {
			results.end(event)
		}
	}
}

func (results *testResults) keepOutput(event testEvent) {
	key := event.Package + " " + event.Test
	results.output[key] = keep(results.output[key], event.Output)
}

func (results *testResults) end(event testEvent) {
	tested, known := results.packages[event.Package]
	if !known {
		tested = &TestedPackage{Package: event.Package}
		results.packages[event.Package] = tested
		results.order = append(results.order, event.Package)
	}
	key := event.Package + " " + event.Test
	if event.Test != "" {
		switch event.Action {
		case "pass":
			tested.Passed++
		case "skip":
			tested.Skipped++
		case "fail":
			tested.Failed++
			// A parent fails with its subtest, which was reported before.
			if !results.hasFailedBelow(event) {
				results.fail(event.Package, event.Test, results.output[key])
			}
		}
		delete(results.output, key)
		return
	}
	tested.Seconds = event.Elapsed
	switch {
	case event.Action == "fail":
		tested.Result = "failed"
		if tested.Failed == 0 {
			output := results.output[key]
			if event.FailedBuild != "" {
				output = results.output[event.FailedBuild]
			}
			results.fail(event.Package, "", output)
		}
	case event.Action == "skip" || tested.Passed+tested.Skipped == 0:
		tested.Result = "no-tests"
	default:
		tested.Result = "passed"
	}
	fmt.Println(describe(*tested))
	delete(results.output, key)
}

func (results *testResults) hasFailedBelow(event testEvent) bool {
	for _, failure := range results.failures {
		if failure.Package == event.Package && strings.HasPrefix(failure.Test, event.Test+"/") {
			return true
		}
	}
	return false
}

func (results *testResults) fail(name, test string, output []string) {
	results.failed++
	if len(results.failures) < maxFailures {
		results.failures = append(results.failures, TestFailure{Package: name, Test: test, Output: append([]string{}, output...)})
	}
}

func (results *testResults) report(exitCode int, timedOut bool, startedAt string) TestReport {
	report := TestReport{Packages: []TestedPackage{}, Failures: results.failures, Failed: results.failed, TimedOut: timedOut, ExitCode: exitCode, Output: results.stray, StartedAt: startedAt}
	for _, name := range results.order {
		report.Packages = append(report.Packages, *results.packages[name])
	}
	if report.Failures == nil {
		report.Failures = []TestFailure{}
	}
	if report.Output == nil {
		report.Output = []string{}
	}
	return report
}

func (report TestReport) isPassed() bool {
	ran := 0
	for _, tested := range report.Packages {
		ran += tested.Passed + tested.Skipped
	}
	return report.ExitCode == 0 && !report.TimedOut && report.Failed == 0 && ran > 0
}

func describe(tested TestedPackage) string {
	return fmt.Sprintf("%s %s: %d passed, %d failed, %d skipped, %.2f s", tested.Result, tested.Package, tested.Passed, tested.Failed, tested.Skipped, tested.Seconds)
}

// keep appends a line and drops the first ones.
func keep(lines []string, line string) []string {
	line = strings.ToValidUTF8(strings.TrimRight(line, "\n"), "?")
	if len(line) > maxLineLength {
		line = strings.ToValidUTF8(line[:maxLineLength], "") + " …"
	}
	lines = append(lines, line)
	if len(lines) > maxFailureLines {
		lines = lines[len(lines)-maxFailureLines:]
	}
	return lines
}

func readTestPlan(path string) (plan TestPlan, err error) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &plan)
	}
	if err == nil && (len(plan.Command) == 0 || plan.TimeoutSeconds <= 0) {
		err = fmt.Errorf("%s has no command or no timeout", path)
	}
	return plan, err
}

// finishTests writes the report of tests that passed. The report of others goes to the output, without the packages that passed, so that no cache has it.
func finishTests(report TestReport, directory string) int {
	if report.isPassed() {
		text, err := json.Marshal(report)
		if err == nil {
			err = os.MkdirAll(directory, 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(directory, "report.json"), text, 0o644)
		}
		if err != nil {
			return fail(err)
		}
		return exitFound
	}
	failed := []TestedPackage{}
	for _, tested := range report.Packages {
		if tested.Result == "failed" && len(failed) < maxFailures {
			failed = append(failed, tested)
		}
	}
	report.Packages = failed
	text, err := json.Marshal(report)
	if err != nil {
		return fail(err)
	}
	fmt.Printf("%s%s\n", testMarker, text)
	return exitNotFound
}
