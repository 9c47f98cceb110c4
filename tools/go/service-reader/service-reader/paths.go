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
	Position
}

// knownPaths are what Kubernetes' own components, Prometheus' and common frameworks call their probes and their metrics.
var knownPaths = regexp.MustCompile(`(?i)(?:^|/)(?:readyz|livez|healthz|healthz?/(?:ready|live|readiness|liveness)|health|healthcheck|_health|-/ready|-/healthy|ready|readiness|live|liveness|alive|ping|_ping|metrics)/?$`)

var registerFunctions = regexp.MustCompile(`^(?:Handle|HandleFunc|HandlerFunc|Handler|Get|GET|Head|HEAD|Any|All|Method|Match|Path|PathPrefix|Route|Group|Add|WithGet)$`)

func (s *scope) paths() []Path {
	found := []Path{}
	seen := map[Position]bool{}
	add := func(node ast.Node, text string, registered bool) {
		// Go 1.22: "GET /healthz" and "GET example.com/healthz".
		if method, rest, ok := strings.Cut(text, " "); ok && strings.ToUpper(method) == method {
			text = strings.TrimSpace(rest)
		}
		position := s.source.position(node)
		if !strings.HasPrefix(text, "/") || !knownPaths.MatchString(text) || seen[position] {
			return
		}
		seen[position] = true
		found = append(found, Path{s.pkg.Directory, path.Clean(text), registered, position})
	}
	s.eachNode(func(node ast.Node) {
		switch value := node.(type) {
		case *ast.CallExpr:
			registered := registerFunctions.MatchString(calledName(value))
			for _, argument := range value.Args {
				if text, known := s.pathText(argument); known {
					add(argument, text, registered)
				}
			}
		case *ast.KeyValueExpr:
			if text, known := s.pathText(value.Value); known {
				add(value.Value, text, false)
			}
		case *ast.ValueSpec:
			for _, expression := range value.Values {
				if text, known := s.pathText(expression); known {
					add(expression, text, false)
				}
			}
		case *ast.CaseClause:
			for _, expression := range value.List {
				if text, known := s.pathText(expression); known {
					add(expression, text, true)
				}
			}
		case *ast.BinaryExpr:
			if value.Op == token.EQL {
				for _, side := range []ast.Expr{value.X, value.Y} {
					if text, known := s.pathText(side); known {
						add(side, text, true)
					}
				}
			}
		}
	})
	return found
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
