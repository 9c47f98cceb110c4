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
	case "GetUint", "GetUint16", "GetUint32", "GetInt", "GetInt32", "GetInt64", "GetString":
		// https://pkg.go.dev/github.com/spf13/viper#GetUint: the value may come from a flag, a variable or a file.
		if key, known := s.argument(call, 0); known && len(call.Args) == 1 && strings.HasSuffix(s.file.paths[qualifier(call)], "spf13/viper") && namesAddress(key) {
			return Address{How: "setting", Name: key, BarePort: name != "GetString"}, true
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

var flagType = regexp.MustCompile(`^(?:(String|Path)|Int|Int64|Uint|Uint64)Flag$`)

// flagLiteral reads the flags of urfave/cli: &cli.StringFlag{Name: "addr", Value: ":8080", EnvVars: …}. beside is a default outside of it, or nil.
func (s *scope) flagLiteral(literal *ast.CompositeLit, beside ast.Expr) (Address, bool) {
	match := flagType.FindStringSubmatch(typeName(literal.Type))
	if match == nil {
		return Address{}, false
	}
	address := Address{How: "flag", BarePort: match[1] == ""}
	if beside != nil {
		address.Value, _ = s.text(beside)
	}
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

func defaultsBeside(literal *ast.CompositeLit, defaults map[ast.Node]ast.Expr) {
	var value ast.Expr
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok && (lastName(pair.Key) == "Default" || lastName(pair.Key) == "Value") {
			value = pair.Value
		}
	}
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok && value != nil {
			inner := pair.Value
			if reference, ok := inner.(*ast.UnaryExpr); ok {
				inner = reference.X
			}
			if flag, ok := inner.(*ast.CompositeLit); ok {
				defaults[flag] = value
			}
		}
	}
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
