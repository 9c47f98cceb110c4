// start-probe starts the program of an image once, as the cluster would, and reports what it finds as JSON. It runs inside the image, without
// network, as the image's user. `start-probe start PLAN RESULT` starts the program; `start-probe check ROOT PLAN RESULT` reads the program of an
// image that this machine cannot run, below ROOT. `start-probe test PLAN RESULT` runs the tests of a source before there is an image.
//
// It exits with 0 if the result may be cached: everything that the plan expects was found. It exits with 3 otherwise, prints the report to
// standard output after the marker, and writes no file, so that the next build starts the program again.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// marker precedes the report in the output. lib/image/start/start-report.ts looks for it.
const marker = "bowline-start-report "

const (
	exitFound    = 0
	exitBroken   = 1
	exitNotFound = 3
)

// Plan says what to start and what to look for. lib/image/start/start-plan.ts writes it.
type Plan struct {
	// Command is the argv of the program.
	Command []string `json:"command"`
	// Environment is added to the variables of the image.
	Environment map[string]string `json:"environment"`
	// TimeoutSeconds limits the time until the program is ready.
	TimeoutSeconds float64 `json:"timeoutSeconds"`
	// Lenient: a program that runs without being ready is not started again by the next build.
	Lenient bool `json:"lenient"`
	// Ports that must accept connections from outside.
	Ports    []int    `json:"ports"`
	Ready    Target   `json:"ready"`
	Live     Target   `json:"live"`
	Requests []Target `json:"requests"`
	Metrics  Target   `json:"metrics"`
	Accept   string   `json:"accept"`
	Expected []Metric `json:"expected"`
	// StopSeconds limits the wait for the program to end after SIGTERM.
	StopSeconds float64 `json:"stopSeconds"`
	// Ignored are paths whose changes are not reported: mounts, and what the program may write.
	Ignored []string `json:"ignored"`
}

// Target is an address of the program.
type Target struct {
	Port int    `json:"port"`
	Path string `json:"path"`
}

// Report is what was found. lib/image/start/start-report.ts parses it.
type Report struct {
	Program Program `json:"program"`
	// Failed is the error of the system call that starts the program.
	Failed string `json:"failed,omitempty"`
	// Exited is set if the program ended on its own.
	Exited *Exit `json:"exited,omitempty"`
	// Listening has the sockets at the end of the wait.
	Listening []Socket `json:"listening"`
	Ready     *Answer  `json:"ready,omitempty"`
	Live      *Answer  `json:"live,omitempty"`
	Requests  []Answer `json:"requests"`
	Metrics   *Scrape  `json:"metrics,omitempty"`
	// ReadySeconds is the time from the start to the first answer of the readiness probe.
	ReadySeconds float64 `json:"readySeconds,omitempty"`
	// Written has the files outside of the ignored paths that the program created, changed or removed.
	Written []string `json:"written"`
	Stopped *Stop    `json:"stopped,omitempty"`
	// Output has the last lines of the program.
	Output []string `json:"output"`
}

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(arguments []string) int {
	switch {
	// The toolbox image runs this to find out that the program starts.
	case len(arguments) == 1 && arguments[0] == "version":
		fmt.Println("start-probe 1")
		return exitFound
	case len(arguments) == 3 && arguments[0] == "start":
		plan, err := readPlan(arguments[1])
		if err != nil {
			return fail(err)
		}
		report := start(plan)
		return finish(report, arguments[2], isFound(plan, report))
	case len(arguments) == 4 && arguments[0] == "check":
		plan, err := readPlan(arguments[2])
		if err != nil {
			return fail(err)
		}
		report := Report{Program: inspectProgram(arguments[1], plan.Command[0]), Listening: []Socket{}, Requests: []Answer{}, Written: []string{}, Output: []string{}}
		return finish(report, arguments[3], report.Program.Problem == "")
	case len(arguments) == 3 && arguments[0] == "test":
		plan, err := readTestPlan(arguments[1])
		if err != nil {
			return fail(err)
		}
		return finishTests(runTests(plan), arguments[2])
	default:
		return fail(fmt.Errorf("usage: start-probe start PLAN RESULT | start-probe check ROOT PLAN RESULT | start-probe test PLAN RESULT"))
	}
}

func readPlan(path string) (plan Plan, err error) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &plan)
	}
	if err == nil && len(plan.Command) == 0 {
		err = fmt.Errorf("%s has no command", path)
	}
	return plan, err
}

// isFound decides whether the next build may reuse the result.
func isFound(plan Plan, report Report) bool {
	if report.Program.Problem != "" || report.Failed != "" || report.Exited != nil {
		return false
	}
	return plan.Lenient || (report.Ready.isHealthy() && report.Live.isHealthy() && opensAll(plan.Ports, report.Listening) && report.Metrics.has(plan.Expected))
}

func finish(report Report, directory string, found bool) int {
	text, err := json.Marshal(report)
	if err != nil {
		return fail(err)
	}
	if !found {
		fmt.Printf("%s%s\n", marker, text)
		return exitNotFound
	}
	if err := os.WriteFile(filepath.Join(directory, "report.json"), text, 0o644); err != nil {
		return fail(err)
	}
	return exitFound
}

func fail(err error) int {
	fmt.Fprintf(os.Stderr, "start-probe: %v\n", err)
	return exitBroken
}
