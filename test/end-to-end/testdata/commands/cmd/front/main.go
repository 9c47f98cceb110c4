package main

import "example.com/commands/internal/sum"

func main() { println(says, sum.Of(40, 2)) }
