package measure

import (
	"bufio"
	"os"
	"runtime"
	"strings"
)

// Machine says where and when numbers were taken, as far as they depend on it.
type Machine struct {
	OS, Arch  string
	CPU       string // empty where it is not known
	CPUs      int
	GoVersion string
}

// ThisMachine describes the machine that the program runs on.
func ThisMachine() Machine {
	return Machine{
		OS: runtime.GOOS, Arch: runtime.GOARCH,
		CPU: processor(), CPUs: runtime.NumCPU(),
		GoVersion: runtime.Version(),
	}
}

// processor returns the name of the processor, where Linux tells it.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
