package durable_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// names is how many executions there are, processes how many processes start each,
// kills how often each of these is killed.
const names, processes, kills = 1000, 3, 4

// workerEnv makes the test binary a worker, with its number as the value.
const workerEnv = "DURABLE_TEST_WORKER"

func TestMain(m *testing.M) {
	if worker := os.Getenv(workerEnv); worker != "" {
		if err := work(worker); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// work calls every name until it has its result, and prints both. It starts anew
// with every name each time: what was done before is there, and costs two requests.
func work(worker string) error {
	client, err := invoke.NewFromEnv(context.Background(), fast)
	if err != nil {
		return err
	}
	f := durable.New[int, int64](client, "f:live").WithIntervals(time.Millisecond, 10*time.Millisecond)
	todo := make(chan int, names)
	for _, i := range rand.Perm(names) {
		todo <- i
	}
	close(todo)
	var out sync.Mutex
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			for i := range todo {
				result := callUntilAnswered(f, i)
				out.Lock()
				fmt.Println(i, result)
				out.Unlock()
			}
		})
	}
	callers.Wait()
	fmt.Println("done", worker)
	return nil
}

// callUntilAnswered is all that a caller has to do about errors: call again.
func callUntilAnswered(f *durable.Func[int, int64], i int) int64 {
	for {
		if result, err := f.Call(context.Background(), "order-"+strconv.Itoa(i), i); err == nil {
			return result
		}
	}
}

func TestProcessesThatAreKilledComeToOneExecutionForEachName(t *testing.T) {
	server := invoketest.NewServer(t, func(c *invoketest.Config) { c.KeepRequests = -1 })
	var ran [names]atomic.Int32
	var serial atomic.Int64
	invoketest.HandleFunc(server, "f", func(_ context.Context, i int) (int64, error) {
		ran[i].Add(1)
		time.Sleep(rand.N(5 * time.Millisecond)) // the execution's own time
		return serial.Add(1), nil
	})
	var faults atomic.Int64
	server.Inject(func(*invoketest.Request) invoketest.Fault {
		if rand.N(4) != 0 {
			return nil
		}
		faults.Add(1)
		return randomFault()
	})

	var mu sync.Mutex
	results := make(map[string]map[string]int) // by name: the results, and how often each was seen
	var killed atomic.Int64
	var workers sync.WaitGroup
	for worker := range processes {
		workers.Go(func() {
			// Every life but the last ends at a random place.
			for life := 0; ; life++ {
				left := -1
				if life < kills {
					left = rand.N(200)
				}
				done, err := live(t, server, worker, left, func(name, result string) {
					mu.Lock()
					defer mu.Unlock()
					if results[name] == nil {
						results[name] = make(map[string]int)
					}
					results[name][result]++
				})
				if done || err != nil {
					if err != nil {
						t.Errorf("worker %d: %v", worker, err)
					}
					return
				}
				killed.Add(1)
			}
		})
	}
	workers.Wait()
	require.False(t, t.Failed())

	require.EqualValues(t, kills*processes, killed.Load())
	require.Greater(t, faults.Load(), int64(names))
	require.Equal(t, names, server.Runs("f"))
	require.Len(t, results, names)
	for i := range names {
		require.EqualValues(t, 1, ran[i].Load(), "executions of name %d", i)
		seen := results[strconv.Itoa(i)]
		require.Len(t, seen, 1, "results of name %d", i)
		for _, times := range seen {
			require.GreaterOrEqual(t, times, processes, "name %d", i)
		}
	}
}

// live is one life of a worker process: it is killed once it has printed left
// results, or never if left is negative. done says that it came to its end.
func live(t *testing.T, server *invoketest.Server, worker, left int, see func(name, result string)) (done bool, err error) {
	opts := server.Options()
	keys, err := opts.Credentials.Retrieve(t.Context())
	if err != nil {
		return false, err
	}
	self, err := os.Executable()
	if err != nil {
		return false, err
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = []string{
		workerEnv + "=" + strconv.Itoa(worker),
		"AWS_REGION=" + opts.Region, "AWS_ENDPOINT_URL_LAMBDA=" + opts.BaseEndpoint,
		"AWS_ACCESS_KEY_ID=" + keys.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + keys.SecretAccessKey,
		"SYSTEMROOT=" + os.Getenv("SYSTEMROOT"), // without which sockets do not work on Windows
	}
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return false, err
	}
	if err := cmd.Start(); err != nil {
		return false, err
	}
	lines := bufio.NewScanner(stdout)
	for left != 0 && lines.Scan() {
		name, result, _ := strings.Cut(lines.Text(), " ")
		if name == "done" {
			return true, cmd.Wait()
		}
		see(name, result)
		left--
	}
	if left != 0 {
		return false, fmt.Errorf("it ended by itself: %w", cmd.Wait())
	}
	if err := cmd.Process.Kill(); err != nil {
		return false, err
	}
	_ = cmd.Wait() // which says that it was killed
	return false, nil
}

// randomFault is any of the things that can go wrong with a request.
func randomFault() invoketest.Fault {
	ends := []invoketest.Hangup{invoketest.Close, invoketest.Reset}
	points := []invoketest.Point{
		invoketest.RequestHeaders, invoketest.RequestBody, invoketest.BeforeRun,
		invoketest.AfterRun, invoketest.ReplyHeaders, invoketest.ReplyBody, invoketest.AfterReply,
	}
	page := []byte("<html>a proxy's</html>")
	switch rand.N(9) {
	case 0, 1, 2:
		return invoketest.HangUp(points[rand.N(len(points))], ends[rand.N(len(ends))])
	case 3:
		all := errors.Exceptions()
		one := all[rand.N(len(all))]
		if one.MayHaveExecuted {
			return invoketest.RunFirst(invoketest.Throw(one.Code))
		}
		return invoketest.Throw(one.Code)
	case 4:
		statuses := []int{200, 202, 302, 403, 404, 502, 504}
		return invoketest.RunFirst(invoketest.ForeignBody(statuses[rand.N(len(statuses))], "text/html", page))
	case 5:
		return invoketest.RunFirst(invoketest.ThrowStatus(500, "", ""))
	case 6:
		return invoketest.Truncate(3)
	case 7:
		return invoketest.Throw("ExpiredTokenException")
	default:
		return invoketest.Throttle(errors.ThrottleConcurrentInvocations, 0)
	}
}
