package awake

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"unsafe"
)

const supported = true

// schedIdle is the kernel's SCHED_IDLE: runs only where nothing else wants to.
const schedIdle = 5

// spin occupies all CPUs, and leaves one goroutine free to see the end coming.
func spin() {
	cpus := runtime.NumCPU()
	runtime.GOMAXPROCS(cpus + 1)
	for range cpus {
		go func() {
			runtime.LockOSThread() // the policy is the thread's
			var priority int32
			if _, _, err := syscall.RawSyscall(syscall.SYS_SCHED_SETSCHEDULER, 0, schedIdle, uintptr(unsafe.Pointer(&priority))); err != 0 {
				fmt.Fprintln(os.Stderr, "awake:", err)
				return
			}
			//lint:ignore SA5002 to spin is what it is for
			for {
			}
		}()
	}
}
