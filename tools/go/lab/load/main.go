// load asks one URL at a steady rate, whether answers come or not, and writes down every single answer:
//
//	load -url URL -host NAME -rate 200 -for 130s
//
// One line an answer on standard output: the time the question was due (Unix milliseconds), milliseconds from then to the end of the answer,
// status (0 where there was none), and the version that the answer names or what went wrong. SIGTERM ends it early, after the last answer.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Upper bounds on rate, duration and open requests, whatever a scenario asks for.
const (
	maxRate    = 2000
	maxTime    = time.Hour
	maxWaiting = 4000
)

func main() {
	url := flag.String("url", "", "what to ask")
	host := flag.String("host", "", "name to ask it of")
	rate := flag.Int("rate", 100, "questions a second")
	lasting := flag.Duration("for", time.Minute, "how long")
	timeout := flag.Duration("timeout", 5*time.Second, "how long one question waits")
	flag.Parse()
	if *url == "" || *rate < 1 || *rate > maxRate || *lasting <= 0 || *lasting > maxTime {
		fmt.Fprintf(os.Stderr, "load: -url, -rate from 1 to %d, -for up to %s\n", maxRate, maxTime)
		os.Exit(64)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	client := &http.Client{
		Timeout:   *timeout,
		Transport: &http.Transport{MaxIdleConnsPerHost: 256, IdleConnTimeout: 30 * time.Second},
	}
	answers := &recorder{out: bufio.NewWriter(os.Stdout)}
	go answers.flushEach(250 * time.Millisecond)
	var open sync.WaitGroup
	room := make(chan struct{}, maxWaiting)
	start := time.Now()
	// Each question is due at its own moment of the clock: one that is late does not put off the next.
	for i := 0; ; i++ {
		due := start.Add(time.Duration(i) * time.Second / time.Duration(*rate))
		if due.Sub(start) >= *lasting || !sleepUntil(ctx, due) {
			break
		}
		select {
		case room <- struct{}{}:
		default:
			answers.add(due, 0, 0, "too-many-open")
			continue
		}
		open.Add(1)
		go func() {
			defer func() { <-room; open.Done() }()
			code, version := ask(client, *url, *host)
			answers.add(due, time.Since(due), code, version)
		}()
	}
	open.Wait()
	answers.flush()
}

func sleepUntil(ctx context.Context, due time.Time) bool {
	wait := time.Until(due)
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func ask(client *http.Client, url, host string) (int, string) {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return 0, word(err.Error())
	}
	if host != "" {
		request.Host = host
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, word(err.Error())
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return 0, word(err.Error())
	}
	return response.StatusCode, word(response.Header.Get("X-Version"))
}

// word makes one word of a text, so that it stays the last of its line.
func word(text string) string {
	if text == "" {
		return "-"
	}
	return strings.Join(strings.Fields(text), "-")
}

type recorder struct {
	mu  sync.Mutex
	out *bufio.Writer
}

func (r *recorder) add(due time.Time, took time.Duration, code int, version string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(r.out, "%d %.1f %d %s\n", due.UnixMilli(), float64(took.Microseconds())/1000, code, version)
}

func (r *recorder) flush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out.Flush()
}

func (r *recorder) flushEach(every time.Duration) {
	for range time.Tick(every) {
		r.flush()
	}
}
