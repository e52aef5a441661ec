package simulation

import (
	"flag"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

var everyFlag = flag.Int("every", 29, "cut connections at every so many-th byte")

func TestEveryByte(t *testing.T) {
	var cases atomic.Int64
	t.Cleanup(func() { t.Logf("%d cases", cases.Load()) })
	for _, cut := range Cuts() {
		t.Run(cut.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				n, problems := RunCuts(cut, *everyFlag)
				cases.Add(int64(n))
				for _, p := range problems[:min(len(problems), 5)] {
					t.Error(p)
				}
			})
		})
	}
}
