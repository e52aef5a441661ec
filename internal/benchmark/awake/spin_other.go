//go:build !linux

package awake

const supported = false

func spin() {}
