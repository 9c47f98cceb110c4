package main

// #include "sum.h"
import "C"

import "fmt"

func main() { fmt.Println("cgo says", C.sum(40, 2)) }
