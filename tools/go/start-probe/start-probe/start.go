package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// pollInterval is short beside the start of any program, and long beside a look at /proc.
const pollInterval = 10 * time.Millisecond

// Exit says how a program ended.
type Exit struct {
	Code    int     `json:"code"`
	Signal  string  `json:"signal,omitempty"`
	Seconds float64 `json:"seconds"`
}

// Stop says what happened after SIGTERM.
type Stop struct {
	Exited bool `json:"exited"`
	// Ignored: the program told the kernel to discard SIGTERM.
	Ignored bool    `json:"ignored"`
	Seconds float64 `json:"seconds"`
}

// process is the started program.
type process struct {
	command *exec.Cmd
	output  *tail
	started time.Time
	// ended is closed after the program was waited for.
	ended chan struct{}
	exit  Exit
}

func start(plan Plan) Report {
	report := Report{Program: inspectProgram("/", plan.Command[0]), Listening: []Socket{}, Requests: []Answer{}, Written: []string{}, Output: []string{}}
	if report.Program.Problem != "" {
		return report
	}
	before := snapshot("/", plan.Ignored)
	program, err := launch(plan)
	if err != nil {
		report.Failed = err.Error()
		return report
	}
	defer program.kill()
	observe(program, plan, &report)
	if program.hasEnded() {
		report.Exited = &program.exit
	} else {
		report.Stopped = program.stop(seconds(plan.StopSeconds))
	}
	program.kill()
	report.Written = changes(before, snapshot("/", plan.Ignored))
	report.Output = program.output.lines()
	return report
}

// observe fills in what the program does until it was asked everything, or the time is over, or it ended.
func observe(program *process, plan Plan, report *Report) {
	waitUntilReady(program, plan, report)
	report.Listening = listeningSockets()
	if program.hasEnded() || !isOpen(report.Listening, plan.Ready.Port) {
		return
	}
	report.Live = get(plan.Live, probeTimeout, probeHeaders)
	for _, target := range plan.Requests {
		report.Requests = append(report.Requests, *get(target, requestTimeout, nil))
	}
	report.Metrics = scrapeUntilFound(program, plan)
	report.Listening = listeningSockets()
	// A program that crashes on a request ends after its answer.
	program.waitFor(pollInterval)
}

func waitUntilReady(program *process, plan Plan, report *Report) {
	deadline := program.started.Add(seconds(plan.TimeoutSeconds))
	for !program.hasEnded() {
		if isOpen(listeningSockets(), plan.Ready.Port) {
			report.Ready = get(plan.Ready, probeTimeout, probeHeaders)
			if report.Ready.isHealthy() {
				report.ReadySeconds = time.Since(program.started).Seconds()
				if isOpen(listeningSockets(), plan.Ports...) {
					return
				}
			}
		}
		if time.Now().After(deadline) {
			return
		}
		program.waitFor(pollInterval)
	}
}

// launch starts the program with no_new_privs, as allowPrivilegeEscalation: false does.
func launch(plan Plan) (*process, error) {
	program := &process{output: &tail{}, ended: make(chan struct{})}
	command := exec.Command(plan.Command[0], plan.Command[1:]...)
	command.Env = os.Environ()
	for name, value := range plan.Environment {
		command.Env = append(command.Env, name+"="+value)
	}
	command.Stdout, command.Stderr = program.output, program.output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// A grandchild may keep the output open.
	command.WaitDelay = time.Second
	program.command, program.started = command, time.Now()
	if err := startLocked(command); err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			return nil, path.Err
		}
		return nil, err
	}
	go func() {
		_ = command.Wait()
		program.exit = exitOf(command.ProcessState, time.Since(program.started))
		close(program.ended)
	}()
	return program, nil
}

// startLocked sets no_new_privs on the thread that forks.
func startLocked(command *exec.Cmd) error {
	const prSetNoNewPrivs = 38
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, prSetNoNewPrivs, 1, 0, 0, 0, 0); errno != 0 {
		return errno
	}
	return command.Start()
}

func exitOf(state *os.ProcessState, after time.Duration) Exit {
	exit := Exit{Code: -1, Seconds: after.Seconds()}
	if state == nil {
		return exit
	}
	exit.Code = state.ExitCode()
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		exit.Signal = status.Signal().String()
	}
	return exit
}

func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// waitFor returns after the duration, or as soon as the program ends.
func (p *process) waitFor(limit time.Duration) {
	select {
	case <-p.ended:
	case <-time.After(limit):
	}
}

func (p *process) stop(limit time.Duration) *Stop {
	ignored := ignoresTermination(p.command.Process.Pid)
	started := time.Now()
	_ = p.command.Process.Signal(syscall.SIGTERM)
	p.waitFor(limit)
	return &Stop{Exited: p.hasEnded(), Ignored: ignored, Seconds: time.Since(started).Seconds()}
}

// kill ends the program and its children.
func (p *process) kill() {
	_ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL)
	<-p.ended
}

func seconds(value float64) time.Duration { return time.Duration(value * float64(time.Second)) }
