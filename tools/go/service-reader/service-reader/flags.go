package main

import (
	"go/ast"
	"regexp"
	"strings"
)

var (
	flagName     = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9._-]*$`)
	flagFunction = regexp.MustCompile(`^(?:String|Int|Uint|Uint16|Uint32|TCPAddr)(Var)?(P)?$`)
)

// flagCall reads flag.String("addr", ":8080", "help") and its variants, kingpin's Flag("addr", "help").Default(":8080"), SetDefault("addr", ":8080"),
// and the flags of exporter-toolkit.
func (s *scope) flagCall(call *ast.CallExpr) (Address, bool) {
	name := calledName(call)
	if match := flagFunction.FindStringSubmatch(name); match != nil {
		if _, method := call.Fun.(*ast.SelectorExpr); !method {
			return Address{}, false
		}
		arguments := call.Args
		if match[1] != "" && len(arguments) > 0 {
			arguments = arguments[1:]
		}
		if match[2] != "" && len(arguments) > 1 {
			arguments = append([]ast.Expr{arguments[0]}, arguments[2:]...)
		}
		if len(arguments) < 2 {
			return Address{}, false
		}
		flag, known := s.text(arguments[0])
		value, valueKnown := s.text(arguments[1])
		if known && valueKnown && flagName.MatchString(flag) && namesAddress(flag) {
			return Address{How: "flag", Name: flag, Flag: "--" + flag, Value: value}, true
		}
		return Address{}, false
	}
	switch name {
	case "Default":
		flag, environment := s.kingpinFlag(call)
		if flag != "" && namesAddress(flag) && len(call.Args) == 1 {
			if value, known := s.text(call.Args[0]); known {
				return Address{How: "flag", Name: flag, Flag: "--" + flag, Environment: environment, Value: value}, true
			}
		}
	case "SetDefault":
		if len(call.Args) == 2 {
			key, known := s.text(call.Args[0])
			value, valueKnown := s.text(call.Args[1])
			if known && valueKnown && namesAddress(key) {
				return Address{How: "setting", Name: key, Value: value}, true
			}
		}
	case "AddFlags":
		// https://pkg.go.dev/github.com/prometheus/exporter-toolkit/web/kingpinflag#AddFlags
		if len(call.Args) == 2 && strings.HasSuffix(s.file.paths[qualifier(call)], "exporter-toolkit/web/kingpinflag") {
			if value, known := s.text(call.Args[1]); known {
				return Address{How: "flag", Name: "web.listen-address", Flag: "--web.listen-address", Value: value}, true
			}
		}
	}
	return Address{}, false
}

// kingpinFlag follows the chain app.Flag("name", …).Envar("NAME").Default(…) to its flag.
func (s *scope) kingpinFlag(call *ast.CallExpr) (flag, environment string) {
	for {
		selector, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return "", ""
		}
		next, ok := selector.X.(*ast.CallExpr)
		if !ok {
			return "", ""
		}
		call = next
		switch calledName(call) {
		case "Envar":
			if len(call.Args) == 1 {
				environment, _ = s.text(call.Args[0])
			}
		case "Flag":
			if len(call.Args) > 0 {
				flag, _ = s.text(call.Args[0])
			}
			return flag, environment
		}
	}
}

// flagLiteral reads the flags of urfave/cli: &cli.StringFlag{Name: "addr", Value: ":8080", EnvVars: …}.
func (s *scope) flagLiteral(literal *ast.CompositeLit) (Address, bool) {
	name := typeName(literal.Type)
	if !strings.HasSuffix(name, "StringFlag") && !strings.HasSuffix(name, "IntFlag") {
		return Address{}, false
	}
	address := Address{How: "flag"}
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := pair.Key.(*ast.Ident)
		if !ok {
			continue
		}
		switch key.Name {
		case "Name":
			address.Name, _ = s.text(pair.Value)
		case "Value":
			address.Value, _ = s.text(pair.Value)
		case "EnvVars":
			if names, _ := s.texts(pair.Value); len(names) > 0 {
				address.Environment = names[0]
			}
		case "EnvVar":
			address.Environment, _ = s.text(pair.Value)
		}
	}
	address.Flag = "--" + address.Name
	return address, namesAddress(address.Name)
}

// textFlag reads the name and the default of a flag with a text.
func (s *scope) textFlag(call *ast.CallExpr) (flag, text string, ok bool) {
	name := calledName(call)
	if name == "Default" && len(call.Args) == 1 {
		flag, _ = s.kingpinFlag(call)
		text, ok = s.text(call.Args[0])
		return flag, text, ok && flag != ""
	}
	match := flagFunction.FindStringSubmatch(name)
	if match == nil || !strings.HasPrefix(name, "String") {
		return "", "", false
	}
	first := 0
	if match[1] != "" {
		first++
	}
	second := first + 1
	if match[2] != "" {
		second++
	}
	flag, known := s.argument(call, first)
	text, ok = s.argument(call, second)
	return flag, text, ok && known && flagName.MatchString(flag)
}
