package fault

import (
	"testing"
	"time"
)

func TestCrashesInTimeAndThenAtEveryStart(t *testing.T) {
	directory, crashed := t.TempDir(), make(chan time.Time, 1)
	crash := func() { crashed <- time.Now() }
	plan := Plan{CrashAfter: Duration(50 * time.Millisecond)}
	started := time.Now()
	plan.CrashLater(directory, crash)
	if after := (<-crashed).Sub(started); after < 50*time.Millisecond {
		t.Fatalf("crashed after %s already", after)
	}
	plan.CrashLater(directory, crash)
	select {
	case <-crashed:
	default:
		t.Fatal("started again, and did not crash at once")
	}
	plan.CrashLater(t.TempDir(), crash)
	select {
	case <-crashed:
		t.Fatal("crashed at once in a fresh pod")
	case <-time.After(10 * time.Millisecond):
	}
}
