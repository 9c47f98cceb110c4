package main

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"
)

// commandRange is a part of the source that defines the flags of a command, such as serve.
type commandRange struct {
	from, to token.Pos
	name     string
}

var commandName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// commandRanges finds the literals of urfave/cli's commands in a package, and the variables that they name as their flags:
// &cli.Command{Name: "serve", Flags: flagsServe}.
func (s *scope) commandRanges() []commandRange {
	found := []commandRange{}
	flags := map[string]string{}
	for _, file := range s.pkg.files {
		inFile := &scope{source: s.source, pkg: s.pkg, file: file}
		ast.Inspect(file.syntax, func(node ast.Node) bool {
			literal, ok := node.(*ast.CompositeLit)
			if !ok || typeName(literal.Type) != "Command" {
				return true
			}
			name, variable := "", ""
			for _, element := range literal.Elts {
				if pair, ok := element.(*ast.KeyValueExpr); ok {
					switch lastName(pair.Key) {
					case "Name":
						name, _ = inFile.text(pair.Value)
					case "Flags":
						variable = lastName(pair.Value)
					}
				}
			}
			if commandName.MatchString(name) {
				found = append(found, commandRange{literal.Pos(), literal.End(), name})
				if variable != "" {
					flags[variable] = name
				}
			}
			return true
		})
	}
	for variable, name := range flags {
		if declared, ok := s.pkg.constants[variable]; ok {
			found = append(found, commandRange{declared.value.Pos(), declared.value.End(), name})
		}
	}
	return found
}

// commandAround is the command whose flags a node defines, or nothing for the program itself.
func (s *scope) commandAround(node ast.Node) string {
	if s.pkg.commands == nil {
		s.pkg.commands = s.commandRanges()
	}
	for _, command := range s.pkg.commands {
		if command.from <= node.Pos() && node.End() <= command.to {
			return command.name
		}
	}
	if call, ok := node.(*ast.CallExpr); ok {
		return s.commandOfCall(call)
	}
	return ""
}

// commandOfCall reads serveCmd.Flags().String(…) of cobra, where another command adds serveCmd, and server.Flag(…) of kingpin, where server is
// app.Command("server", …). Flags of pflag's PersistentFlags may be given before the command, so they say nothing.
func (s *scope) commandOfCall(call *ast.CallExpr) string {
	for {
		selector, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return ""
		}
		if next, ok := selector.X.(*ast.CallExpr); ok {
			call = next
			continue
		}
		name := calledName(call)
		if name != "Flags" && name != "Flag" {
			return ""
		}
		variable := lastName(selector.X)
		value := s.locals[variable]
		if value == nil {
			value = s.pkg.constants[variable].value
		}
		return s.commandOfValue(value, name == "Flags")
	}
}

func (s *scope) commandOfValue(value ast.Expr, cobra bool) string {
	if reference, ok := value.(*ast.UnaryExpr); ok {
		value = reference.X
	}
	switch command := value.(type) {
	case *ast.CallExpr:
		if name, known := s.argument(command, 0); !cobra && known && calledName(command) == "Command" && commandName.MatchString(name) {
			return name
		}
	case *ast.CompositeLit:
		if !cobra || typeName(command.Type) != "Command" {
			return ""
		}
		use := ""
		for _, element := range command.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok && lastName(pair.Key) == "Use" {
				use, _ = s.text(pair.Value)
			}
		}
		name, _, _ := strings.Cut(use, " ")
		if commandName.MatchString(name) {
			return name
		}
	}
	return ""
}
