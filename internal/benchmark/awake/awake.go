// Package awake keeps the CPUs of the machine from falling asleep while something else is measured.
//
// A call waits for its answer most of the time, and an idle CPU sleeps: deep enough, in virtual machines above all, that
// it wakes with cold caches and takes several times as long for what comes next. That would measure the machine's sleep, more
// of it or less from one minute to the next. A machine that serves requests is not idle.
package awake

import (
	"errors"
	"io"
	"os"
	"os/exec"
)

// childVariable marks a process that is to keep the CPUs awake.
const childVariable = "LAMBDA_INVOKE_BENCHMARK_AWAKE"

// KeepIfChild does not return if the process was started by [Keep]: it computes nothing then, on all CPUs and whenever
// nobody else wants them, for as long as its parent lives.
func KeepIfChild() {
	if _, ok := os.LookupEnv(childVariable); !ok {
		return
	}
	spin()
	_, _ = io.Copy(io.Discard, os.Stdin) // ends with the parent
	os.Exit(0)
}

// Keep keeps the CPUs awake until release is called. It is a process of its own, so that its time is not counted for the
// calling one. Where the system has no priority below all others (any but Linux), it does nothing.
func Keep() (release func() error, err error) {
	if !supported {
		return func() error { return nil }, nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), childVariable+"=1")
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := child.Start(); err != nil {
		return nil, err
	}
	return func() error { return errors.Join(in.Close(), child.Wait()) }, nil
}
