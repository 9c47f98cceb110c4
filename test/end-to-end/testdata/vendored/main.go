package main

import "example.com/banner"

func main() { print(banner.Roots) }
