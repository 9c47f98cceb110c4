package main

import (
	"go/ast"
	"regexp"
	"strings"
)

// Metric is a metric that the source defines.
type Metric struct {
	Package string `json:"package"`
	// Kind is counter, histogram or summary.
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Labels are in the order of the source. Complete is false where the source computes some.
	Labels   []string `json:"labels"`
	Complete bool     `json:"complete"`
	// Native says that a histogram has no buckets of its own.
	Native bool `json:"native"`
	// Prefixed says that a part of the name before the known part is computed.
	Prefixed bool `json:"prefixed"`
	Position
}

var optionKinds = map[string]string{
	"CounterOpts": "counter", "HistogramOpts": "histogram", "SummaryOpts": "summary",
	// https://pkg.go.dev/github.com/zeromicro/go-zero/core/metric
	"CounterVecOpts": "counter", "HistogramVecOpts": "histogram", "SummaryVecOpts": "summary",
}

// withoutLabels are the constructors of metrics that have no variable labels.
var withoutLabels = regexp.MustCompile(`^(?:New|MustNew)?(?:Counter|Histogram|Summary)(?:Vec)?$`)

func (s *scope) metrics() []Metric {
	found := []Metric{}
	labelled := map[ast.Node]*ast.CallExpr{}
	s.eachNode(func(node ast.Node) {
		if value, ok := node.(*ast.CallExpr); ok {
			for _, argument := range value.Args {
				if literal := s.literal(argument); literal != nil && labelled[literal] == nil {
					labelled[literal] = value
				}
			}
			found = append(found, s.dockerMetrics(value)...)
		}
	})
	// The call of options in a variable comes after them.
	s.eachNode(func(node ast.Node) {
		if literal, ok := node.(*ast.CompositeLit); ok {
			if kind := optionKinds[typeName(literal.Type)]; kind != "" {
				if metric, ok := s.metricOf(kind, literal, labelled[literal]); ok {
					found = append(found, metric)
				}
			}
		}
	})
	return found
}

// literal finds the options in an argument: T{…}, &T{…}, f(T{…}) or a variable with one of them.
func (s *scope) literal(expression ast.Expr) *ast.CompositeLit {
	// A variable can refer to itself: next := wrap(next).
	if s.depth > maxDepth {
		return nil
	}
	s.depth++
	defer func() { s.depth-- }()
	switch value := expression.(type) {
	case *ast.CompositeLit:
		if optionKinds[typeName(value.Type)] != "" {
			return value
		}
	case *ast.UnaryExpr:
		return s.literal(value.X)
	case *ast.CallExpr:
		if len(value.Args) == 1 {
			return s.literal(value.Args[0])
		}
	case *ast.Ident:
		if local, ok := s.locals[value.Name]; ok && local != expression {
			if _, isName := local.(*ast.Ident); !isName {
				return s.literal(local)
			}
		}
	}
	return nil
}

func (s *scope) metricOf(kind string, literal *ast.CompositeLit, call *ast.CallExpr) (Metric, bool) {
	metric := Metric{Package: s.pkg.Directory, Kind: kind, Labels: []string{}, Complete: true, Position: s.source.position(literal)}
	parts := map[string]string{}
	buckets := false
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, _ := pair.Key.(*ast.Ident)
		if key == nil {
			continue
		}
		switch key.Name {
		case "Namespace", "Subsystem", "Name":
			text, known := s.text(pair.Value)
			if !known && key.Name == "Name" {
				return Metric{}, false
			}
			metric.Prefixed = metric.Prefixed || !known
			parts[key.Name] = text
		case "ConstLabels":
			metric.addLabels(s.mapKeys(pair.Value))
		case "Labels":
			found, complete := s.texts(pair.Value)
			metric.addLabels(found)
			metric.Complete = metric.Complete && complete
		case "NativeHistogramBucketFactor":
			metric.Native = true
		case "Buckets":
			buckets = true
		}
	}
	metric.Native = metric.Native && !buckets
	metric.Name = joinName(parts["Namespace"], parts["Subsystem"], parts["Name"])
	if call != nil && len(call.Args) > 1 {
		found, complete := s.texts(call.Args[len(call.Args)-1])
		metric.addLabels(found)
		metric.Complete = metric.Complete && complete
	} else if call == nil || !withoutLabels.MatchString(calledName(call)) {
		metric.Complete = false
	}
	return metric, parts["Name"] != ""
}

func (m *Metric) addLabels(labels []string) {
	m.Labels = append(m.Labels, labels...)
}

func (s *scope) mapKeys(expression ast.Expr) []string {
	keys := []string{}
	if literal, ok := expression.(*ast.CompositeLit); ok {
		for _, element := range literal.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				if text, known := s.text(pair.Key); known {
					keys = append(keys, text)
				}
			}
		}
	}
	return keys
}

// dockerMetrics reads namespace.NewDefaultHttpMetrics of github.com/docker/go-metrics (namespace.go, NewDefaultHttpMetrics): a counter
// <namespace>_<subsystem>_requests_total and a histogram <namespace>_<subsystem>_request_duration_seconds with the labels of promhttp.
func (s *scope) dockerMetrics(call *ast.CallExpr) []Metric {
	name := calledName(call)
	if name != "NewDefaultHttpMetrics" && name != "NewHttpMetrics" && name != "NewHttpMetricsWithOpts" {
		return nil
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	created, ok := selector.X.(*ast.CallExpr)
	if name, isName := selector.X.(*ast.Ident); isName {
		created, ok = s.locals[name.Name].(*ast.CallExpr)
		if declared, found := s.pkg.constants[name.Name]; !ok && found {
			created, ok = declared.value.(*ast.CallExpr)
		}
	}
	if !ok || calledName(created) != "NewNamespace" || len(created.Args) != 3 {
		return nil
	}
	namespace, known := s.text(created.Args[0])
	subsystem, alsoKnown := s.text(created.Args[1])
	metric := Metric{
		Package: s.pkg.Directory, Labels: []string{"handler", "code", "method"}, Complete: true, Prefixed: !known || !alsoKnown,
		Position: s.source.position(call),
	}
	counter, histogram := metric, metric
	counter.Kind, counter.Name = "counter", joinName(namespace, subsystem, "requests_total")
	histogram.Kind, histogram.Name = "histogram", joinName(namespace, subsystem, "request_duration_seconds")
	return []Metric{counter, histogram}
}

// joinName joins the parts of a metric name, as prometheus.BuildFQName does.
func joinName(parts ...string) string {
	known := []string{}
	for _, part := range parts {
		if part != "" {
			known = append(known, part)
		}
	}
	return strings.Join(known, "_")
}
