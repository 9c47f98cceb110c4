package main

import "example.com/commands/internal/sum"

func main() { println("back says", sum.Of(1, 1)) }
