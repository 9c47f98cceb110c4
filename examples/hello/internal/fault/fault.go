// Package fault makes this service fail on purpose, so that a rollback can be seen. The committed file says how; the environment overrules it.
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

// Plan says what goes wrong, and how often. The zero plan is a healthy service.
type Plan struct {
	ErrorRate  float64  `json:"errorRate"`
	Delay      Duration `json:"delay"`
	DelayRate  float64  `json:"delayRate"`
	CrashAfter Duration `json:"crashAfter"`
	NeverReady bool     `json:"neverReady"`
}

// Duration reads from JSON as Go writes it: "750ms".
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

// Load reads the committed plan and lets the environment overrule it: FAULT_ERROR_RATE, FAULT_DELAY, FAULT_DELAY_RATE, FAULT_CRASH_AFTER,
// FAULT_NEVER_READY.
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

// crashMark outlives the process, but not its pod.
const crashMark = "crashed-on-purpose"

// CrashLater crashes once the time has come, and from then on at every start in the same directory: as a service does whose data is broken.
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

// Beat makes a share of requests fall evenly: of 5 %, every twentieth. Drawn at random, a fault would now and then spare all requests of a check.
type Beat struct{ count atomic.Uint64 }

// Falls says whether this request is one of the share. The first of them comes after half of its distance.
func (b *Beat) Falls(share float64) bool {
	upTo := func(requests uint64) float64 { return math.Floor(float64(requests)*share + 0.5 + 1e-9) }
	number := b.count.Add(1)
	return share > 0 && upTo(number) > upTo(number-1)
}
