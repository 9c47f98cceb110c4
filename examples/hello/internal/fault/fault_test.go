package fault

import (
	"testing"
	"time"
)

func TestCrashLaterCrashesAfterTheDurationThenAtEveryStart(t *testing.T) {
	directory, crashed := t.TempDir(), make(chan time.Time, 1)
	crash := func() { crashed <- time.Now() }
	plan := Plan{CrashAfter: Duration(50 * time.Millisecond)}
	started := time.Now()
	plan.CrashLater(directory, crash)
	if after := (<-crashed).Sub(started); after < 50*time.Millisecond {
		t.Fatalf("crashed after %s, expected at least 50ms", after)
	}
	plan.CrashLater(directory, crash)
	select {
	case <-crashed:
	default:
		t.Fatal("did not crash immediately at the second start")
	}
	plan.CrashLater(t.TempDir(), crash)
	select {
	case <-crashed:
		t.Fatal("crashed immediately in a new pod")
	case <-time.After(10 * time.Millisecond):
	}
}

func TestSampleSelectsAtEvenIntervals(t *testing.T) {
	for share, every := range map[float64]int{0.05: 20, 0.1: 10, 0.25: 4, 1: 1} {
		var sampler Sampler
		last := 0
		for number := 1; number <= 10_000; number++ {
			if !sampler.Sample(share) {
				continue
			}
			if distance := number - last; last > 0 && distance != every {
				t.Fatalf("%g: request %d is %d after the previous one", share, number, distance)
			} else if last == 0 && number != (every+1)/2 {
				t.Fatalf("%g: the first selected request is %d", share, number)
			}
			last = number
		}
		if last < 10_000-every {
			t.Fatalf("%g: the last selected request is %d", share, last)
		}
	}
}

func TestSampleSelectsNothingForZero(t *testing.T) {
	var sampler Sampler
	for range 1000 {
		if sampler.Sample(0) {
			t.Fatal("selected a request")
		}
	}
}
