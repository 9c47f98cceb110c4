package main

import (
	"slices"
	"strings"
	"time"
)

// A middleware counts a request after its response was sent.
const settleTime = time.Second

// maxMetrics limits the report. Metrics that the plan expects come first.
const maxMetrics = 500

// Scrape is what Prometheus would read.
type Scrape struct {
	Answer
	ContentType string `json:"contentType,omitempty"`
	// Metrics has each name of a sample once, sorted, with the labels of all its samples.
	Metrics []Metric `json:"metrics"`
}

// Metric is the name of samples, the labels that they have, and the type of their family.
type Metric struct {
	Name   string   `json:"name"`
	Labels []string `json:"labels"`
	Type   string   `json:"type,omitempty"`
}

// scrapeUntilFound repeats the scrape while something is missing, until counters had the time to follow the requests.
func scrapeUntilFound(program *process, plan Plan) *Scrape {
	for deadline := time.Now().Add(settleTime); ; program.waitFor(5 * pollInterval) {
		scrape := scrapeOnce(plan)
		if scrape.has(plan.Expected) || program.hasEnded() || time.Now().After(deadline) {
			return scrape
		}
	}
}

func scrapeOnce(plan Plan) *Scrape {
	answer := get(plan.Metrics, requestTimeout, map[string]string{"Accept": plan.Accept, "User-Agent": "Prometheus/3.5.0"})
	scrape := &Scrape{Answer: *answer, ContentType: answer.kind, Metrics: []Metric{}}
	if answer.Status == 200 {
		metrics := parseMetrics(answer.body)
		slices.SortStableFunc(metrics, func(a, b Metric) int { return rank(plan.Expected, a) - rank(plan.Expected, b) })
		scrape.Metrics = metrics[:min(len(metrics), maxMetrics)]
		slices.SortFunc(scrape.Metrics, func(a, b Metric) int { return strings.Compare(a.Name, b.Name) })
	}
	return scrape
}

func rank(expected []Metric, metric Metric) int {
	if slices.ContainsFunc(expected, func(wanted Metric) bool { return wanted.Name == metric.Name }) {
		return 0
	}
	// Those of the runtime say nothing about the service.
	if strings.HasPrefix(metric.Name, "go_") || strings.HasPrefix(metric.Name, "process_") {
		return 2
	}
	return 1
}

// has reports whether every expected name is there, with its labels.
func (s *Scrape) has(expected []Metric) bool {
	if s == nil {
		return len(expected) == 0
	}
	for _, wanted := range expected {
		found := slices.ContainsFunc(s.Metrics, func(metric Metric) bool {
			return metric.Name == wanted.Name && !slices.ContainsFunc(wanted.Labels, func(label string) bool { return !slices.Contains(metric.Labels, label) })
		})
		if !found {
			return false
		}
	}
	return true
}

// parseMetrics reads the text formats of Prometheus and OpenMetrics: names, labels and types.
func parseMetrics(text string) []Metric {
	types := map[string]string{}
	labels := map[string]map[string]bool{}
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			if fields := strings.Fields(line); len(fields) == 4 && fields[1] == "TYPE" {
				types[strings.Trim(fields[2], `"`)] = fields[3]
			}
			continue
		}
		name, own, ok := parseSample(line)
		if !ok {
			continue
		}
		if labels[name] == nil {
			labels[name] = map[string]bool{}
		}
		for _, label := range own {
			labels[name][label] = true
		}
	}
	metrics := []Metric{}
	for name, own := range labels {
		metric := Metric{Name: name, Labels: []string{}, Type: typeOf(name, types)}
		for label := range own {
			metric.Labels = append(metric.Labels, label)
		}
		slices.Sort(metric.Labels)
		metrics = append(metrics, metric)
	}
	slices.SortFunc(metrics, func(a, b Metric) int { return strings.Compare(a.Name, b.Name) })
	return metrics
}

// typeOf finds the type of the family that a sample belongs to.
func typeOf(name string, types map[string]string) string {
	if kind, ok := types[name]; ok {
		return kind
	}
	for _, suffix := range []string{"_total", "_bucket", "_count", "_sum", "_created", "_info"} {
		if family, ok := strings.CutSuffix(name, suffix); ok && types[family] != "" {
			return types[family]
		}
	}
	return ""
}

// parseSample reads `name{label="value",…} 1`, or `{"name",label="value"} 1` for names with other characters than letters, digits and _.
func parseSample(line string) (name string, labels []string, ok bool) {
	open := strings.IndexAny(line, "{ \t")
	if open < 0 {
		return "", nil, false
	}
	name = line[:open]
	if line[open] == '{' {
		rest := line[open+1:]
		for {
			rest = strings.TrimLeft(rest, ", \t")
			if rest == "" {
				return "", nil, false
			}
			if rest[0] == '}' {
				break
			}
			var word string
			if word, rest, ok = readWord(rest); !ok {
				return "", nil, false
			}
			rest = strings.TrimLeft(rest, " \t")
			if !strings.HasPrefix(rest, "=") {
				name = word
				continue
			}
			labels = append(labels, word)
			if _, rest, ok = readWord(strings.TrimLeft(rest[1:], " \t")); !ok {
				return "", nil, false
			}
		}
	}
	return name, labels, isName(name)
}

// readWord reads a quoted text or a name.
func readWord(text string) (word, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		end := strings.IndexAny(text, "=,} \t")
		if end <= 0 {
			return "", "", false
		}
		return text[:end], text[end:], true
	}
	for end := 1; end < len(text); end++ {
		switch text[end] {
		case '\\':
			end++
		case '"':
			return text[1:end], text[end+1:], true
		}
	}
	return "", "", false
}

func isName(name string) bool {
	return name != "" && !strings.ContainsAny(name, "<>&;()[]") && !strings.ContainsAny(name[:1], "0123456789")
}
