package main

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Socket is a listening TCP socket.
type Socket struct {
	Port int `json:"port"`
	// Loopback: only processes of the same pod reach it.
	Loopback bool `json:"loopback"`
}

// listeningSockets reads the sockets of the network namespace, in which only the program runs. Sorted by port.
func listeningSockets() []Socket {
	sockets := []Socket{}
	for _, file := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		sockets = append(sockets, parseSockets(string(text))...)
	}
	slices.SortFunc(sockets, func(a, b Socket) int {
		if a.Port != b.Port {
			return a.Port - b.Port
		}
		return strings.Compare(strconv.FormatBool(a.Loopback), strconv.FormatBool(b.Loopback))
	})
	return slices.Compact(sockets)
}

// parseSockets reads the format of proc_net_tcp(5): `sl local_address rem_address st …`, with 0A for LISTEN.
func parseSockets(table string) []Socket {
	const listen = "0A"
	var sockets []Socket
	for line := range strings.SplitSeq(table, "\n") {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[3] != listen {
			continue
		}
		address, port, _ := strings.Cut(fields[1], ":")
		number, err := strconv.ParseUint(port, 16, 16)
		if err != nil {
			continue
		}
		sockets = append(sockets, Socket{Port: int(number), Loopback: isLoopback(address)})
	}
	return sockets
}

// isLoopback parses an address that the kernel prints as 32-bit words in the byte order of the machine.
func isLoopback(text string) bool {
	words, err := hex.DecodeString(text)
	if err != nil || len(words)%4 != 0 {
		return false
	}
	for word := range slices.Chunk(words, 4) {
		slices.Reverse(word)
	}
	address, ok := netip.AddrFromSlice(words)
	return ok && address.Unmap().IsLoopback()
}

// isOpen reports whether the program listens on all ports, on any address.
func isOpen(sockets []Socket, ports ...int) bool {
	for _, port := range ports {
		if !slices.ContainsFunc(sockets, func(socket Socket) bool { return socket.Port == port }) {
			return false
		}
	}
	return true
}

// opensAll reports whether other machines can reach all ports.
func opensAll(ports []int, sockets []Socket) bool {
	for _, port := range ports {
		if !slices.Contains(sockets, Socket{Port: port}) {
			return false
		}
	}
	return true
}

// ignoresTermination reads SigIgn of proc_pid_status(5): bit 14 is SIGTERM (15).
func ignoresTermination(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return false
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if mask, ok := strings.CutPrefix(line, "SigIgn:"); ok {
			bits, err := strconv.ParseUint(strings.TrimSpace(mask), 16, 64)
			return err == nil && bits&(1<<14) != 0
		}
	}
	return false
}
