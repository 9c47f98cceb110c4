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

func TestAShareFallsEvenlySoThatNoWindowIsSpared(t *testing.T) {
	for share, every := range map[float64]int{0.05: 20, 0.1: 10, 0.25: 4, 1: 1} {
		var beat Beat
		last := 0
		for number := 1; number <= 10_000; number++ {
			if !beat.Falls(share) {
				continue
			}
			if distance := number - last; last > 0 && distance != every {
				t.Fatalf("%g: request %d comes %d after the one before", share, number, distance)
			} else if last == 0 && number != (every+1)/2 {
				t.Fatalf("%g: the first is number %d", share, number)
			}
			last = number
		}
		if last < 10_000-every {
			t.Fatalf("%g: the last is number %d", share, last)
		}
	}
}

func TestNoShareFallsNever(t *testing.T) {
	var beat Beat
	for range 1000 {
		if beat.Falls(0) {
			t.Fatal("fell")
		}
	}
}
