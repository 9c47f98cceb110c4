package main

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strings"
)

// Path is a URL path that the source names: a probe's or that of the metrics.
type Path struct {
	Package string `json:"package"`
	// Path is the whole path, as far as the source tells.
	Path string `json:"path"`
	// Registered says that the path is an argument of a call that registers handlers, such as mux.HandleFunc.
	Registered bool `json:"registered"`
	// Router is the name of what the path is registered at: telemetryRouter in telemetryRouter.Handle("/metrics", …). Of a flag, it is the flag's name.
	Router string `json:"router"`
	// Probe is ready, live or health for the default of a flag with such a name, whatever the path is.
	Probe string `json:"probe,omitempty"`
	Position
}

// knownPaths are what Kubernetes' own components, Prometheus' and common frameworks call their probes and their metrics.
var knownPaths = regexp.MustCompile(`(?i)(?:^|/)(?:readyz|livez|healthz|healthz?/(?:ready|live|readiness|liveness)|health|healthcheck|_health|-/ready|-/healthy|ready|readiness|live|liveness|alive|ping|_ping|metrics)/?$|^/_?status/?$`)

var registerFunctions = regexp.MustCompile(`^(?:Handle|HandleFunc|HandlerFunc|Handler|Get|GET|Head|HEAD|Any|All|Method|Match|Path|PathPrefix|Route|Group|Add|WithGet)$`)

func (s *scope) paths() []Path {
	found := []Path{}
	seen := map[Position]bool{}
	add := func(node ast.Node, text string, registered bool, router string) {
		// Go 1.22: "GET /healthz" and "GET example.com/healthz".
		if method, rest, ok := strings.Cut(text, " "); ok && strings.ToUpper(method) == method {
			text = strings.TrimSpace(rest)
		}
		position := s.source.position(node)
		if !strings.HasPrefix(text, "/") || !knownPaths.MatchString(text) || seen[position] {
			return
		}
		seen[position] = true
		found = append(found, Path{s.pkg.Directory, path.Clean(text), registered, router, "", position})
	}
	s.eachNode(func(node ast.Node) {
		switch value := node.(type) {
		case *ast.CallExpr:
			if flag, text, ok := s.textFlag(value); ok {
				if probe := probeOf(flag); probe != "" && strings.HasPrefix(text, "/") && text != "/" {
					position := s.source.position(value)
					seen[position] = true
					found = append(found, Path{s.pkg.Directory, path.Clean(text), false, flag, probe, position})
				}
			}
			if calledName(value) == "WithHealthzEndpoint" {
				// https://pkg.go.dev/github.com/grpc-ecosystem/grpc-gateway/v2/runtime#WithHealthzEndpoint
				add(value, "/healthz", true, "")
			}
			registered, router := registerFunctions.MatchString(calledName(value)), ""
			if selector, ok := value.Fun.(*ast.SelectorExpr); ok {
				router = lastName(selector.X)
			}
			for _, argument := range value.Args {
				if text, known := s.pathText(argument); known {
					add(argument, text, registered, router)
				}
			}
		case *ast.KeyValueExpr:
			if text, known := s.pathText(value.Value); known {
				add(value.Value, text, false, "")
			}
		case *ast.ValueSpec:
			for _, expression := range value.Values {
				if text, known := s.pathText(expression); known {
					add(expression, text, false, "")
				}
			}
		case *ast.CaseClause:
			for _, expression := range value.List {
				if text, known := s.pathText(expression); known {
					add(expression, text, true, "")
				}
			}
		case *ast.BinaryExpr:
			if value.Op == token.EQL {
				for _, side := range []ast.Expr{value.X, value.Y} {
					if text, known := s.pathText(side); known {
						add(side, text, true, "")
					}
				}
			}
		}
	})
	return found
}

var probeWords = regexp.MustCompile(`(?i)(read(?:y|iness))|(live(?:ness)?|ping|alive)|(health)`)

// probeOf says which probe a flag such as --health-path is for.
func probeOf(flag string) string {
	match := probeWords.FindStringSubmatch(flag)
	switch {
	case match == nil:
		return ""
	case match[1] != "":
		return "ready"
	case match[2] != "":
		return "live"
	}
	return "health"
}

// pathText evaluates a path. Of an expression that adds to an unknown prefix, such as prefix+"/healthz", it takes the known end.
func (s *scope) pathText(expression ast.Expr) (string, bool) {
	if text, known := s.text(expression); known {
		return text, true
	}
	switch value := expression.(type) {
	case *ast.BinaryExpr:
		if value.Op == token.ADD {
			return s.pathText(value.Y)
		}
	case *ast.CallExpr:
		if len(value.Args) > 0 && !registerFunctions.MatchString(calledName(value)) {
			return s.text(value.Args[len(value.Args)-1])
		}
	}
	return "", false
}
