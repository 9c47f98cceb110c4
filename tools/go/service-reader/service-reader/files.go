package main

import (
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// File is a file or a folder of the checkout that the program reads at run time, by a relative path in the source.
type File struct {
	Package string `json:"package"`
	// Path is relative to the folder of go.mod, the working directory of a program that is started there.
	Path string `json:"path"`
	// How is read, or flag for the default of a flag.
	How  string `json:"how"`
	Name string `json:"name"`
	Position
}

var readFunctions = regexp.MustCompile(`^(?:ReadFile|Open|OpenFile|ReadDir|DirFS|ParseFiles|ParseGlob|LoadHTMLGlob|LoadHTMLFiles|LoadHTMLFolder|Dir|Static|StaticFile|StaticFS|File|SendFile|Glob|Walk|WalkDir|SetConfigFile|AddConfigPath|LoadX509KeyPair)$`)

func (s *scope) files() []File {
	found := []File{}
	add := func(node ast.Node, how, name, text string) {
		if relative, ok := s.source.existingPath(text); ok {
			found = append(found, File{s.pkg.Directory, relative, how, name, s.source.position(node)})
		}
	}
	s.eachNode(func(node ast.Node) {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return
		}
		name := calledName(call)
		if match := flagFunction.FindStringSubmatch(name); match != nil && strings.HasPrefix(name, "String") {
			arguments := call.Args
			if match[1] != "" && len(arguments) > 0 {
				arguments = arguments[1:]
			}
			if len(arguments) > 1 {
				flag, known := s.text(arguments[0])
				for _, argument := range arguments[1:min(3, len(arguments))] {
					if text, valueKnown := s.text(argument); known && valueKnown && strings.ContainsAny(text, "/.") {
						add(node, "flag", "--"+flag, text)
					}
				}
			}
			return
		}
		if name == "Default" && len(call.Args) == 1 {
			if flag, _ := s.kingpinFlag(call); flag != "" {
				if text, known := s.text(call.Args[0]); known && strings.ContainsAny(text, "/.") {
					add(node, "flag", "--"+flag, text)
				}
			}
			return
		}
		if readFunctions.MatchString(name) {
			for _, argument := range call.Args {
				if text, known := s.text(argument); known {
					add(argument, "read", name, text)
				}
			}
		}
	})
	return found
}

// existingPath cleans a relative path of a source, without its pattern, that exists below the folder of go.mod.
func (m *module) existingPath(text string) (string, bool) {
	if text == "" || path.IsAbs(text) || strings.Contains(text, "://") {
		return "", false
	}
	clean := path.Clean(text)
	for strings.ContainsAny(path.Base(clean), "*?[") {
		clean = path.Dir(clean)
	}
	if clean == "." || strings.HasPrefix(clean, "..") {
		return "", false
	}
	if _, err := os.Stat(filepath.Join(m.directory, clean)); err != nil {
		return "", false
	}
	return clean, true
}
