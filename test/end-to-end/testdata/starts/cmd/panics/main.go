package main

import "os"

func main() {
	if os.Getenv("ORDERS_TOKEN") != "" {
		print("ORDERS_TOKEN is given\n")
	}
	var orders map[string]int
	orders["first"] = 1
}
