package report

import (
	"fmt"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/internal/benchmark/measure"
)

func duration(ns float64) string {
	switch {
	case ns < 1e6:
		return fmt.Sprintf("%.1f µs", ns/1e3)
	case ns < 1e8:
		return fmt.Sprintf("%.2f ms", ns/1e6)
	default:
		return fmt.Sprintf("%.0f ms", ns/1e6)
	}
}

func size(bytes float64) string {
	switch {
	case bytes < 0: // less than net/http has
		return "-" + size(-bytes)
	case bytes < 1e4:
		return fmt.Sprintf("%.0f B", bytes)
	case bytes < 1e6:
		return fmt.Sprintf("%.1f kB", bytes/1e3)
	case bytes < 1e8:
		return fmt.Sprintf("%.2f MB", bytes/1e6)
	default:
		return fmt.Sprintf("%.0f MB", bytes/1e6)
	}
}

// count groups the digits: 12,345.
func count(v float64) string {
	text := fmt.Sprintf("%.0f", v)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func percent(v float64) string { return fmt.Sprintf("%.1f %%", v) }

// payloads shows bytes as a multiple of one payload.
func payloads(bytes int) func(float64) string {
	return func(v float64) string { return fmt.Sprintf("%.2f", v/float64(bytes)) }
}

// spaced puts a space between a number and its unit.
func spaced(size string) string {
	unit := strings.TrimLeft(size, "0123456789")
	return strings.TrimSuffix(size, unit) + " " + unit
}

// callersOf is n callers in words.
func callersOf(n int) string {
	if n == 1 {
		return "1 caller"
	}
	return count(float64(n)) + " callers"
}

func overTLS(secure bool) string {
	if secure {
		return " over TLS"
	}
	return ""
}

func machine(m measure.Machine) string {
	text := fmt.Sprintf("%d CPUs (%s), %s/%s, %s", m.CPUs, m.CPU, m.OS, m.Arch, m.GoVersion)
	return strings.ReplaceAll(text, "(R)", "")
}
