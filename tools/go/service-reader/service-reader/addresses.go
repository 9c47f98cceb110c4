package main

import (
	"go/ast"
	"go/token"
	"net"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// Address is a place of the source that gives an address or a port: the default of a flag, an environment variable, a listen call.
type Address struct {
	Package string `json:"package"`
	// How is flag, environment, listen, setting or name (a constant, a variable or a field).
	How string `json:"how"`
	// Name is the name of the flag, of the variable, of the setting or of the field.
	Name string `json:"name"`
	// Flag and Environment say how the value is changed, where the source says so.
	Flag        string `json:"flag,omitempty"`
	Environment string `json:"environment,omitempty"`
	Value       string `json:"value"`
	Host        string `json:"host"`
	// Command is the command of the program that has the flag, such as serve.
	Command string `json:"command,omitempty"`
	// Function is the function around the place.
	Function string `json:"function,omitempty"`
	// Callers are the packages that call this function, where its own package does not.
	Callers []string `json:"callers,omitempty"`
	// Port is 0 for a flag without a default.
	Port int `json:"port"`
	// BarePort says that the value is a port without an address.
	BarePort bool `json:"barePort"`
	Position
}

var (
	addressWord     = regexp.MustCompile(`^(?:addr|address|addresses|port|listen|listener|bind|bindaddr|listenaddr|httpaddr|httpport)$`)
	wordBreak       = regexp.MustCompile(`([a-z0-9])([A-Z])|([A-Z]+)([A-Z][a-z])`)
	environmentName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*(?:PORT|ADDR|ADDRESS|LISTEN|BIND)[A-Z0-9_]*$|^PORT$|^ADDR$|^LISTEN$|^BIND$`)
	listenFunctions = map[string]int{"ListenAndServe": 0, "ListenAndServeTLS": 0, "Run": 0, "RunTLS": 0, "Start": 0, "StartTLS": 0, "Listen": 0}
)

func (s *scope) addresses() []Address {
	found := []Address{}
	add := func(node ast.Node, address Address, acceptEmpty bool) {
		host, port, bare, ok := parseAddress(address.Value, address.How != "listen")
		if !ok && (!acceptEmpty || (address.Value != "" && address.Value != "0")) {
			return
		}
		address.Package, address.Host, address.Port, address.BarePort = s.pkg.Directory, host, port, bare || address.BarePort
		address.Function = s.function
		if s.function != "" && !s.method {
			address.Callers = s.source.callersOf(s.pkg, s.function)
		}
		if address.Flag != "" {
			address.Command = s.commandAround(node)
		}
		address.Position = s.source.position(node)
		found = append(found, address)
	}
	// outer has the names around a nested literal: Metrics in Config{Metrics: MetricsConfig{Addr: ":9090"}}.
	outer := map[ast.Node]string{}
	// defaults has what stands beside the literal of a flag: {Default: 8080, CLIFlag: cli.IntFlag{Name: "port"}}.
	defaults := map[ast.Node]ast.Expr{}
	s.eachNode(func(node ast.Node) {
		switch value := node.(type) {
		case *ast.CallExpr:
			if address, ok := s.flagCall(value); ok {
				add(node, address, true)
			} else if address, ok := s.environmentCall(value); ok {
				add(node, address, false)
			} else if address, ok := s.listenCall(value); ok {
				add(node, address, false)
			}
		case *ast.CompositeLit:
			defaultsBeside(value, defaults)
			if address, ok := s.flagLiteral(value, defaults[value]); ok {
				add(node, address, true)
			}
			nameFields(value, outer)
		case *ast.KeyValueExpr:
			if name, ok := value.Key.(*ast.Ident); ok && namesAddress(name.Name) {
				if text, known := s.text(value.Value); known {
					add(node, Address{How: "name", Name: outer[value] + name.Name, Value: text}, false)
				}
			}
		case *ast.ValueSpec:
			for index, name := range value.Names {
				if index < len(value.Values) && namesAddress(name.Name) {
					if text, known := s.text(value.Values[index]); known {
						add(value.Values[index], Address{How: "name", Name: name.Name, Value: text}, false)
					}
				}
			}
		case *ast.AssignStmt:
			for index, target := range value.Lhs {
				if index < len(value.Rhs) && value.Tok != token.ADD_ASSIGN && namesAddress(lastName(target)) {
					if text, known := s.text(value.Rhs[index]); known {
						add(node, Address{How: "name", Name: lastName(target), Value: text}, false)
					}
				}
			}
		case *ast.Field:
			if address, ok := tagAddress(value); ok {
				add(node, address, false)
			}
		}
	})
	return found
}

// environmentCall reads getEnv("PORT", "8080"), os.Getenv beside a default included: cmp.Or(os.Getenv("PORT"), "8080").
func (s *scope) environmentCall(call *ast.CallExpr) (Address, bool) {
	if len(call.Args) != 2 {
		return Address{}, false
	}
	name, known := s.text(call.Args[0])
	if inner, ok := call.Args[0].(*ast.CallExpr); ok && calledName(inner) == "Getenv" && len(inner.Args) == 1 {
		name, known = s.text(inner.Args[0])
	}
	value, valueKnown := s.text(call.Args[1])
	if !known || !valueKnown || !environmentName.MatchString(name) {
		return Address{}, false
	}
	return Address{How: "environment", Name: name, Environment: name, Value: value}, true
}

func (s *scope) listenCall(call *ast.CallExpr) (Address, bool) {
	name := calledName(call)
	index, ok := listenFunctions[name]
	if !ok {
		return Address{}, false
	}
	if name == "Listen" && qualifier(call) == "net" {
		if network, known := s.argument(call, 0); !known || !strings.HasPrefix(network, "tcp") {
			return Address{}, false
		}
		index = 1
	}
	value, known := s.argument(call, index)
	return Address{How: "listen", Name: name, Value: value}, known
}

func (s *scope) argument(call *ast.CallExpr, index int) (string, bool) {
	if index >= len(call.Args) {
		return "", false
	}
	return s.text(call.Args[index])
}

// tagAddress reads `env:"PORT" envDefault:"8080"` and the tags of other libraries that give a default.
func tagAddress(field *ast.Field) (Address, bool) {
	if field.Tag == nil || len(field.Names) == 0 || !namesAddress(field.Names[0].Name) {
		return Address{}, false
	}
	text, err := strconv.Unquote(field.Tag.Value)
	if err != nil {
		return Address{}, false
	}
	tag := reflect.StructTag(text)
	address := Address{How: "setting", Name: field.Names[0].Name}
	for _, key := range []string{"envDefault", "env-default", "default"} {
		if value, ok := tag.Lookup(key); ok {
			address.Value = value
			break
		}
	}
	for _, key := range []string{"env", "envconfig"} {
		if value, ok := tag.Lookup(key); ok {
			address.Environment, _, _ = strings.Cut(value, ",")
			address.Environment, _, _ = strings.Cut(strings.ToUpper(address.Environment), ";")
		}
	}
	if value, ok := tag.Lookup("long"); ok {
		address.Flag = "--" + value
	}
	return address, address.Value != ""
}

// parseAddress reads :8080, 0.0.0.0:8080, http://127.0.0.1:4180, and 8080 where bare ports are accepted.
func parseAddress(text string, acceptBare bool) (host string, port int, bare, ok bool) {
	if acceptBare {
		if number, err := strconv.Atoi(text); err == nil {
			return "", number, true, number > 0 && number < 65536
		}
	}
	rest := text
	if parsed, err := url.Parse(text); err == nil && parsed.Host != "" && (parsed.Scheme == "http" || parsed.Scheme == "tcp") && (parsed.Path == "" || parsed.Path == "/") {
		rest = parsed.Host
	}
	host, portText, err := net.SplitHostPort(rest)
	if err != nil || strings.ContainsAny(host, " /\t") {
		return "", 0, false, false
	}
	number, err := strconv.Atoi(portText)
	return host, number, false, err == nil && number > 0 && number < 65536
}

// nameFields passes the names around a literal on to its fields and to the literals in them.
func nameFields(literal *ast.CompositeLit, outer map[ast.Node]string) {
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		outer[pair] = outer[literal]
		inner := pair.Value
		if reference, ok := inner.(*ast.UnaryExpr); ok {
			inner = reference.X
		}
		if name, ok := pair.Key.(*ast.Ident); ok {
			outer[inner] = outer[literal] + name.Name + "."
		}
	}
}

// namesAddress says whether a word of a name, such as httpListenAddr or web.listen-address, means an address.
func namesAddress(name string) bool {
	spaced := wordBreak.ReplaceAllString(name, "$1$3 $2$4")
	for _, word := range strings.FieldsFunc(strings.ToLower(spaced), func(letter rune) bool { return !('a' <= letter && letter <= 'z') }) {
		if addressWord.MatchString(word) {
			return true
		}
	}
	return false
}

func typeName(expression ast.Expr) string {
	switch value := expression.(type) {
	case *ast.Ident:
		return value.Name
	case *ast.SelectorExpr:
		return value.Sel.Name
	case *ast.StarExpr:
		return typeName(value.X)
	}
	return ""
}

func lastName(expression ast.Expr) string {
	switch value := expression.(type) {
	case *ast.Ident:
		return value.Name
	case *ast.SelectorExpr:
		return value.Sel.Name
	case *ast.StarExpr:
		return lastName(value.X)
	}
	return ""
}
