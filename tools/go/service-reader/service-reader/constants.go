package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"strconv"
	"strings"
)

// constant is a package-level constant or variable with its declared value.
type constant struct {
	value ast.Expr
	file  *sourceFile
}

// scope evaluates the expressions of one file. It knows constants of this module, never of others.
type scope struct {
	source *module
	pkg    *sourcePackage
	file   *sourceFile
	locals map[string]ast.Expr
	// function is the name of the function around the current node.
	function string
	// method says that the function has a receiver.
	method bool
	depth  int
}

const maxDepth = 12

func (m *module) collectConstants(pkg *sourcePackage, file *sourceFile) {
	for _, declaration := range file.syntax.Decls {
		general, ok := declaration.(*ast.GenDecl)
		if !ok || (general.Tok != token.CONST && general.Tok != token.VAR) {
			continue
		}
		for _, spec := range general.Specs {
			values, ok := spec.(*ast.ValueSpec)
			if !ok {
				continue
			}
			for index, name := range values.Names {
				if index < len(values.Values) {
					pkg.constants[name.Name] = constant{values.Values[index], file}
				}
			}
		}
	}
}

// eachFunction calls visit for every node of the file, with the local variables of the function around it.
func (s *scope) eachNode(visit func(node ast.Node)) {
	for _, declaration := range s.file.syntax.Decls {
		s.locals, s.function = map[string]ast.Expr{}, ""
		if function, ok := declaration.(*ast.FuncDecl); ok && function.Body != nil {
			collectLocals(function.Body, s.locals)
			s.function, s.method = function.Name.Name, function.Recv != nil
		}
		ast.Inspect(declaration, func(node ast.Node) bool {
			if node != nil {
				visit(node)
			}
			return true
		})
	}
}

// collectLocals keeps the variables that are assigned once. Another value may come from anywhere.
func collectLocals(body *ast.BlockStmt, locals map[string]ast.Expr) {
	assigned := map[string]int{}
	ast.Inspect(body, func(node ast.Node) bool {
		switch statement := node.(type) {
		case *ast.AssignStmt:
			for index, target := range statement.Lhs {
				if name, ok := target.(*ast.Ident); ok {
					assigned[name.Name]++
					if len(statement.Lhs) == len(statement.Rhs) {
						locals[name.Name] = statement.Rhs[index]
					}
				}
			}
		case *ast.ValueSpec:
			for index, name := range statement.Names {
				if index < len(statement.Values) {
					assigned[name.Name]++
					locals[name.Name] = statement.Values[index]
				}
			}
		}
		return true
	})
	for name, count := range assigned {
		if count > 1 {
			delete(locals, name)
		}
	}
}

// text evaluates an expression to the text of a string or of a number.
func (s *scope) text(expression ast.Expr) (string, bool) {
	if s.depth > maxDepth {
		return "", false
	}
	s.depth++
	defer func() { s.depth-- }()
	switch value := expression.(type) {
	case *ast.BasicLit:
		switch value.Kind {
		case token.STRING:
			text, err := strconv.Unquote(value.Value)
			return text, err == nil
		case token.INT:
			return strings.ReplaceAll(value.Value, "_", ""), true
		}
	case *ast.ParenExpr:
		return s.text(value.X)
	case *ast.BinaryExpr:
		if value.Op == token.ADD {
			left, known := s.text(value.X)
			right, alsoKnown := s.text(value.Y)
			return left + right, known && alsoKnown
		}
	case *ast.Ident:
		if local, ok := s.locals[value.Name]; ok {
			return s.text(local)
		}
		return s.constantText(s.pkg, value.Name)
	case *ast.SelectorExpr:
		if name, ok := value.X.(*ast.Ident); ok {
			if imported := s.file.imports[name.Name]; imported != nil {
				return s.constantText(imported, value.Sel.Name)
			}
		}
	case *ast.CallExpr:
		return s.callText(value)
	}
	return "", false
}

func (s *scope) constantText(pkg *sourcePackage, name string) (string, bool) {
	found, ok := pkg.constants[name]
	if !ok {
		return "", false
	}
	other := &scope{source: s.source, pkg: pkg, file: found.file, depth: s.depth}
	return other.text(found.value)
}

// callText evaluates conversions and the functions that join texts.
func (s *scope) callText(call *ast.CallExpr) (string, bool) {
	arguments := []string{}
	for _, argument := range call.Args {
		text, known := s.text(argument)
		if !known {
			return "", false
		}
		arguments = append(arguments, text)
	}
	switch name := calledName(call); {
	case name == "Sprintf" && len(arguments) > 0 && strings.Count(arguments[0], "%") == len(arguments)-1:
		values := make([]any, 0, len(arguments))
		for _, argument := range arguments[1:] {
			values = append(values, argument)
		}
		format := strings.NewReplacer("%d", "%s", "%v", "%s").Replace(arguments[0])
		return fmt.Sprintf(format, values...), true
	case name == "Itoa" && len(arguments) == 1, name == "string" && len(arguments) == 1:
		return arguments[0], true
	case name == "JoinHostPort" && len(arguments) == 2:
		return arguments[0] + ":" + arguments[1], true
	case name == "BuildFQName" && len(arguments) == 3:
		return joinName(arguments...), true
	case name == "Join" && len(arguments) > 0:
		if qualifier(call) == "path" || qualifier(call) == "filepath" {
			return path.Join(arguments...), true
		}
	}
	return "", false
}

// texts evaluates a list of strings. complete is false where an element is unknown.
func (s *scope) texts(expression ast.Expr) (found []string, complete bool) {
	if s.depth > maxDepth {
		return nil, false
	}
	s.depth++
	defer func() { s.depth-- }()
	switch value := expression.(type) {
	case *ast.CompositeLit:
		complete = true
		for _, element := range value.Elts {
			text, known := s.text(element)
			complete = complete && known
			if known {
				found = append(found, text)
			}
		}
		return found, complete
	case *ast.Ident:
		if value.Name == "nil" {
			return nil, true
		}
		if local, ok := s.locals[value.Name]; ok {
			return s.texts(local)
		}
		if declared, ok := s.pkg.constants[value.Name]; ok {
			return (&scope{source: s.source, pkg: s.pkg, file: declared.file, depth: s.depth}).texts(declared.value)
		}
	case *ast.SelectorExpr:
		if name, ok := value.X.(*ast.Ident); ok {
			if imported := s.file.imports[name.Name]; imported != nil {
				if declared, ok := imported.constants[value.Sel.Name]; ok {
					return (&scope{source: s.source, pkg: imported, file: declared.file, depth: s.depth}).texts(declared.value)
				}
			}
		}
	case *ast.CallExpr:
		if calledName(value) == "append" {
			complete = true
			for index, argument := range value.Args {
				if index == 0 || (value.Ellipsis.IsValid() && index == len(value.Args)-1) {
					some, all := s.texts(argument)
					found, complete = append(found, some...), complete && all
				} else if text, known := s.text(argument); known {
					found = append(found, text)
				} else {
					complete = false
				}
			}
			return found, complete
		}
	}
	return nil, false
}

func calledName(call *ast.CallExpr) string {
	switch function := call.Fun.(type) {
	case *ast.Ident:
		return function.Name
	case *ast.SelectorExpr:
		return function.Sel.Name
	}
	return ""
}

// qualifier is the name before the dot of a call: http in http.Handle.
func qualifier(call *ast.CallExpr) string {
	if selector, ok := call.Fun.(*ast.SelectorExpr); ok {
		if name, ok := selector.X.(*ast.Ident); ok {
			return name.Name
		}
	}
	return ""
}
