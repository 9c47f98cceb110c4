package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"

	"example.com/money"
)

//go:embed all:scaffold
var scaffold embed.FS

func main() {
	fmt.Print(money.Currencies)
	_ = fs.WalkDir(scaffold, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			fmt.Println(path)
		}
		return err
	})
	page, err := os.ReadFile("web/page.html")
	fmt.Println(string(page), err)
}
