package main

import (
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	// Enough for a panic with its first goroutine.
	maxLines = 30
	maxLine  = 500
	maxBytes = 64 << 10
)

// tail keeps the end of what a program prints.
type tail struct {
	lock sync.Mutex
	text []byte
}

func (t *tail) Write(chunk []byte) (int, error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.text = append(t.text, chunk...)
	if len(t.text) > 2*maxBytes {
		t.text = append([]byte(nil), t.text[len(t.text)-maxBytes:]...)
	}
	return len(chunk), nil
}

// lines returns the last lines. Of a Go panic it returns the first lines, because its stack traces follow the reason.
func (t *tail) lines() []string {
	t.lock.Lock()
	defer t.lock.Unlock()
	lines := []string{}
	for line := range strings.SplitSeq(string(t.text), "\n") {
		if line = strings.TrimRight(line, "\r \t"); line != "" {
			lines = append(lines, shorten(line))
		}
	}
	first := max(0, len(lines)-maxLines)
	for index, line := range lines {
		if isPanic(line) {
			first = min(first, max(0, index-5))
			break
		}
	}
	return lines[first:min(len(lines), first+maxLines)]
}

func isPanic(line string) bool {
	return strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ")
}

func shorten(line string) string {
	line = strings.ToValidUTF8(line, "?")
	if len(line) <= maxLine {
		return line
	}
	end := maxLine
	for !utf8.RuneStart(line[end]) {
		end--
	}
	return line[:end] + "…"
}
