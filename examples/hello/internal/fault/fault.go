// Package fault makes the service fail on purpose, to demonstrate a rollback. Configure it in fault.json; environment variables override it.
package fault

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"
)

//go:embed fault.json
var committed []byte

// Plan defines the faults. The zero value is a healthy service.
type Plan struct {
	ErrorRate  float64  `json:"errorRate"`
	Delay      Duration `json:"delay"`
	DelayRate  float64  `json:"delayRate"`
	CrashAfter Duration `json:"crashAfter"`
	NeverReady bool     `json:"neverReady"`
}

// Duration is a time.Duration in JSON, in the syntax of Go: "750ms".
type Duration time.Duration

func (d *Duration) UnmarshalJSON(text []byte) error {
	var word string
	if err := json.Unmarshal(text, &word); err != nil {
		return err
	}
	parsed, err := time.ParseDuration(word)
	*d = Duration(parsed)
	return err
}

// Load reads fault.json. FAULT_ERROR_RATE, FAULT_DELAY, FAULT_DELAY_RATE, FAULT_CRASH_AFTER and FAULT_NEVER_READY override it.
func Load(getenv func(string) string) (Plan, error) {
	var plan Plan
	if err := json.Unmarshal(committed, &plan); err != nil {
		return plan, fmt.Errorf("fault.json: %w", err)
	}
	for name, set := range map[string]func(string) error{
		"FAULT_ERROR_RATE":  rate(&plan.ErrorRate),
		"FAULT_DELAY":       duration(&plan.Delay),
		"FAULT_DELAY_RATE":  rate(&plan.DelayRate),
		"FAULT_CRASH_AFTER": duration(&plan.CrashAfter),
		"FAULT_NEVER_READY": func(text string) (err error) { plan.NeverReady, err = strconv.ParseBool(text); return },
	} {
		if text := getenv(name); text != "" {
			if err := set(text); err != nil {
				return plan, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return plan, nil
}

func rate(into *float64) func(string) error {
	return func(text string) (err error) {
		*into, err = strconv.ParseFloat(text, 64)
		if err == nil && (*into < 0 || *into > 1) {
			err = fmt.Errorf("must be from 0 to 1, got %s", text)
		}
		return
	}
}

func duration(into *Duration) func(string) error {
	return func(text string) error {
		parsed, err := time.ParseDuration(text)
		*into = Duration(parsed)
		return err
	}
}

// crashMark is a file that outlives the process, but not its pod.
const crashMark = "crashed-on-purpose"

// CrashLater crashes after CrashAfter, and from then on immediately at every start in the same directory, like a service with corrupt data.
func (p Plan) CrashLater(directory string, crash func()) {
	mark := filepath.Join(directory, crashMark)
	if _, err := os.Stat(mark); err == nil {
		crash()
		return
	}
	time.AfterFunc(time.Duration(p.CrashAfter), func() {
		_ = os.WriteFile(mark, nil, 0o600)
		crash()
	})
}

// Sampler selects a share of requests at even intervals: every twentieth for 5 %. A random selection could miss all requests of a check.
type Sampler struct{ count atomic.Uint64 }

// Sample reports whether this request is selected. The first selected request comes after half an interval.
func (s *Sampler) Sample(share float64) bool {
	selectedUntil := func(requests uint64) float64 { return math.Floor(float64(requests)*share + 0.5 + 1e-9) }
	number := s.count.Add(1)
	return share > 0 && selectedUntil(number) > selectedUntil(number-1)
}
