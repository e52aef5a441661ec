package main_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/invoketest"
)

// program is the built command.
var program string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "lambda-invoke")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		program = filepath.Join(dir, "lambda-invoke")
		if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// result is what a run of the command came to.
type result struct {
	stdout, stderr string
	status         int
}

// call runs the command against the server.
func call(t *testing.T, s *invoketest.Server, args ...string) result {
	t.Helper()
	return run(t, command(t, s, args...))
}

func run(t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil {
		require.ErrorAs(t, err, &exit)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// command makes a run of the command with an environment that has nothing but
// what the server needs.
func command(t *testing.T, s *invoketest.Server, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	nowhere := filepath.Join(t.TempDir(), "none")
	cmd.Env = []string{"HOME=" + t.TempDir(), "AWS_CONFIG_FILE=" + nowhere, "AWS_SHARED_CREDENTIALS_FILE=" + nowhere, "AWS_EC2_METADATA_DISABLED=true"}
	if s != nil {
		creds, err := s.Options().Credentials.Retrieve(t.Context())
		require.NoError(t, err)
		cmd.Env = append(cmd.Env, "AWS_REGION=us-east-1", "AWS_ENDPOINT_URL="+s.URL(),
			"AWS_ACCESS_KEY_ID="+creds.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+creds.SecretAccessKey)
	}
	return cmd
}

// echo is a server with a function that returns its payload.
func echo(t *testing.T) *invoketest.Server {
	t.Helper()
	s := invoketest.NewServer(t)
	s.Handle("echo", func(_ context.Context, payload []byte) ([]byte, error) { return payload, nil })
	return s
}

func TestThePayloadGoesToStdoutAndNothingElse(t *testing.T) {
	s := echo(t)
	got := call(t, s, "-payload", `{"a":1}`, "echo")
	require.Equal(t, result{stdout: `{"a":1}`}, got)

	got = call(t, s, "echo", "-payload", " [1]\n\n") // flags may come last; not a byte is touched
	require.Equal(t, result{stdout: " [1]\n\n"}, got)
}

func TestThePayloadComesFromAFlagAFileOrStdin(t *testing.T) {
	s := echo(t)
	file := filepath.Join(t.TempDir(), "event.json")
	require.NoError(t, os.WriteFile(file, []byte(`"file"`), 0o600))
	for name, tc := range map[string]struct {
		args  []string
		stdin string
		want  string
	}{
		"flag":                          {[]string{"-payload", `"flag"`, "echo"}, "", `"flag"`},
		"flag before what is piped":     {[]string{"-payload", `"flag"`, "echo"}, `"piped"`, `"flag"`},
		"an empty flag for no payload":  {[]string{"-payload", "", "echo"}, `"piped"`, "{}"},
		"file":                          {[]string{"-file", file, "echo"}, "", `"file"`},
		"standard input":                {[]string{"-file", "-", "echo"}, `"piped"`, `"piped"`},
		"standard input without asking": {[]string{"echo"}, `"piped"`, `"piped"`},
		"nothing":                       {[]string{"echo"}, "", "{}"}, // the service's default
		"a file as curl has it":         {[]string{"-payload", "@" + file, "echo"}, "", `"file"`},
		"a file as the AWS CLI has it":  {[]string{"-payload", "file://" + file, "echo"}, "", `"file"`},
		"its bytes":                     {[]string{"-payload", "fileb://" + file, "echo"}, "", `"file"`},
		"a dash for standard input":     {[]string{"-payload", "-", "echo"}, `"piped"`, `"piped"`},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := command(t, s, tc.args...)
			if tc.stdin != "" {
				cmd.Stdin = strings.NewReader(tc.stdin)
			}
			require.Equal(t, result{stdout: tc.want}, run(t, cmd))
		})
	}
}

func TestTheFlagsReachTheService(t *testing.T) {
	s := echo(t)
	got := call(t, s, "-qualifier", "live", "-client-context", `{"custom":{"k":"v"}}`, "-tenant", "blue", "-attempts", "7", "-log", "-payload", "1", "echo")
	require.Zero(t, got.status, got.stderr)
	request := s.Requests()[0]
	require.Equal(t, "live", request.Qualifier)
	require.Equal(t, base64.StdEncoding.EncodeToString([]byte(`{"custom":{"k":"v"}}`)), request.Header.Get("X-Amz-Client-Context"))
	require.Equal(t, "blue", request.Header.Get("X-Amz-Tenant-Id"))
	require.Equal(t, "Tail", request.Header.Get("X-Amz-Log-Type"))
	require.Equal(t, "attempt=1; max=7", request.Header.Get("Amz-Sdk-Request"))

	got = call(t, s, "-durable-name", "order-17", "echo:live")
	require.Zero(t, got.status, got.stderr)
	require.Equal(t, "order-17", s.Requests()[1].Header.Get("X-Amz-Durable-Execution-Name"))
}

func TestEndpointRegionAndProfileCanBeGivenOnTheCommandLine(t *testing.T) {
	s := invoketest.NewServer(t, func(c *invoketest.Config) { c.Region = "eu-central-1" })
	s.Handle("echo", func(_ context.Context, payload []byte) ([]byte, error) { return payload, nil })
	creds, err := s.Options().Credentials.Retrieve(t.Context())
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "credentials")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, "[work]\naws_access_key_id = %s\naws_secret_access_key = %s\n", creds.AccessKeyID, creds.SecretAccessKey), 0o600))

	cmd := command(t, nil, "-endpoint", s.URL(), "-region", "eu-central-1", "-profile", "work", "-payload", "1", "echo")
	cmd.Env = append(cmd.Env, "AWS_SHARED_CREDENTIALS_FILE="+file)
	require.Equal(t, result{stdout: "1"}, run(t, cmd))
}

func TestTheExitStatusTellsWhatBecameOfTheCall(t *testing.T) {
	hangUp := invoketest.HangUp(invoketest.AfterRun, invoketest.Reset)
	for name, tc := range map[string]struct {
		faults []invoketest.Fault
		args   []string
		status int
		stdout string
		stderr []string
	}{
		"success":                     {args: []string{"-payload", "1", "echo"}, stdout: "1"},
		"success after a retry":       {faults: []invoketest.Fault{invoketest.Throw("EC2ThrottledException")}, args: []string{"-payload", "1", "echo"}, stdout: "1"},
		"an event":                    {args: []string{"-type", "Event", "echo"}, stderr: []string{"the event was accepted (status 202)", "request ID "}},
		"a dry run":                   {args: []string{"-type", "DryRun", "echo"}, stderr: []string{"the call would be allowed (status 204)"}},
		"the function failed":         {args: []string{"fail"}, status: 1, stdout: `{"errorMessage":"no such order","errorType":"errorString"}`, stderr: []string{"errorString", "no such order"}},
		"the service refused":         {args: []string{"nobody"}, status: 3, stderr: []string{"ResourceNotFoundException", "the function did not run"}},
		"throttled to the end":        {faults: []invoketest.Fault{invoketest.Throw("TooManyRequestsException")}, args: []string{"-attempts", "1", "echo"}, status: 3, stderr: []string{"TooManyRequestsException", "the function did not run"}},
		"the connection was lost":     {faults: []invoketest.Fault{hangUp, hangUp, hangUp}, args: []string{"echo"}, status: 4, stderr: []string{"the function may have run"}},
		"lost, and made again":        {faults: []invoketest.Fault{hangUp}, args: []string{"-idempotent", "-payload", "1", "echo"}, stdout: "1"},
		"the service failed":          {faults: []invoketest.Fault{invoketest.ThrowStatus(500, "ServiceException", "x")}, args: []string{"-attempts", "1", "echo"}, status: 4, stderr: []string{"ServiceException", "the function may have run"}},
		"it took too long":            {args: []string{"-timeout", "50ms", "hang"}, status: 4, stderr: []string{"context deadline exceeded", "the function may have run"}},
		"nobody answers":              {args: []string{"-endpoint", "http://127.0.0.1:1", "-attempts", "1", "echo"}, status: 3, stderr: []string{"connect", "the function did not run"}},
		"no profile of this name":     {args: []string{"-profile", "nobody", "echo"}, status: 3, stderr: []string{"nobody"}},
		"no URL":                      {args: []string{"-endpoint", "nonsense", "echo"}, status: 3, stderr: []string{"the base endpoint must start with https:// or http://"}},
		"no function":                 {status: 2, stderr: []string{"which function?", "-h"}},
		"two functions":               {args: []string{"echo", "fail"}, status: 2, stderr: []string{`one function at a time, not also "fail"`}},
		"an unknown flag":             {args: []string{"-x", "echo"}, status: 2, stderr: []string{"flag provided but not defined: -x"}},
		"two payloads":                {args: []string{"-payload", "1", "-file", "f", "echo"}, status: 2, stderr: []string{"-payload and -file exclude each other"}},
		"a payload that is no JSON":   {args: []string{"-payload", "{'a':1}", "echo"}, status: 2, stderr: []string{"the payload is not JSON", "-raw sends it all the same"}},
		"a payload cut short":         {args: []string{"-payload", `{"a":`, "echo"}, status: 2, stderr: []string{"the payload is not JSON"}},
		"a payload of other bytes":    {args: []string{"-payload", "\"\x97\"", "echo"}, status: 2, stderr: []string{"the payload is not UTF-8", "offset 1", "0x97"}},
		"a payload in base64":         {args: []string{"-payload", "eyJhIjoxfQ==", "echo"}, status: 2, stderr: []string{"the payload is base64 of JSON", "send the JSON itself"}},
		"no JSON, and sent":           {args: []string{"-payload", "{'a':1}", "-raw", "echo"}, status: 3, stderr: []string{"InvalidRequestContentException"}},
		"no file of a payload":        {args: []string{"-payload", "@/nowhere/event.json", "echo"}, status: 2, stderr: []string{"read the payload: open /nowhere/event.json"}},
		"a time without a unit":       {args: []string{"-timeout", "5", "echo"}, status: 2, stderr: []string{"5s"}},
		"a time that is none":         {args: []string{"-timeout", "soon", "echo"}, status: 2, stderr: []string{"-timeout: this is no time, such as 90s"}},
		"the AWS CLI's function":      {args: []string{"--function-name", "echo", "--payload", "{}", "out.json"}, status: 2, stderr: []string{"-function-name is a flag of the AWS CLI", "an argument of its own"}},
		"the AWS CLI's type":          {args: []string{"--invocation-type=Event", "echo"}, status: 2, stderr: []string{"write -type"}},
		"the AWS CLI's log":           {args: []string{"-log-type", "Tail", "echo"}, status: 2, stderr: []string{"write -log"}},
		"the AWS CLI's format":        {args: []string{"--cli-binary-format", "raw-in-base64-out", "echo"}, status: 2, stderr: []string{"leave it out"}},
		"the AWS CLI's endpoint":      {args: []string{"--endpoint-url", "http://127.0.0.1:1", "echo"}, status: 2, stderr: []string{"write -endpoint"}},
		"two words of the AWS CLI":    {args: []string{"--log-type", "Tail", "--debug", "echo"}, status: 2, stderr: []string{"-log-type is"}},
		"map is not the first word":   {args: []string{"echo", "map"}, status: 2, stderr: []string{`"map" comes first`}},
		"a stream of an event":        {args: []string{"-stream", "-type", "Event", "echo"}, status: 2, stderr: []string{"-stream needs a call that waits"}},
		"a stream and a durable name": {args: []string{"-stream", "-durable-name", "n", "echo"}, status: 2, stderr: []string{"exclude each other"}},
		"a stream":                    {args: []string{"-stream", "-payload", "1", "echo"}, stdout: "1"},
		"a stream that is refused":    {args: []string{"-stream", "nobody"}, status: 3, stderr: []string{"ResourceNotFoundException"}},
		"a stream of a failure":       {args: []string{"-stream", "fail"}, status: 1, stderr: []string{"no such order"}},
		"no file":                     {args: []string{"-file", "/nowhere/event.json", "echo"}, status: 2, stderr: []string{"read the payload: open /nowhere/event.json"}},
		"no type":                     {args: []string{"-type", "Often", "echo"}, status: 2, stderr: []string{`-type "Often" is none of`}},
		"a log of an event":           {args: []string{"-type", "Event", "-log", "echo"}, status: 2, stderr: []string{"-log needs a call that waits"}},
		"no client context":           {args: []string{"-client-context", "[1]", "echo"}, status: 2, stderr: []string{"-client-context is not a JSON object"}},
		"a client context too long":   {args: []string{"-client-context", `{"a":"` + strings.Repeat("x", 4000) + `"}`, "echo"}, status: 2, stderr: []string{"the limit is 3583"}},
		"attempts below zero":         {args: []string{"-attempts", "-1", "echo"}, status: 2, stderr: []string{"-attempts must not be negative"}},
		"a timeout below zero":        {args: []string{"-timeout", "-1s", "echo"}, status: 2, stderr: []string{"-timeout: it must not be negative"}},
		"no name of a function":       {args: []string{".."}, status: 2, stderr: []string{"FunctionName"}},
		"a tenant that is none":       {args: []string{"-tenant", "a\nb", "echo"}, status: 2, stderr: []string{"TenantId"}},
		"a payload and then no value": {args: []string{"echo", "-payload"}, status: 2, stderr: []string{"flag needs an argument: -payload"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := echo(t)
			s.Handle("fail", func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no such order") })
			s.Handle("hang", func(ctx context.Context, _ []byte) ([]byte, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			})
			s.Script("echo", tc.faults...)
			got := call(t, s, tc.args...)
			require.Equal(t, tc.status, got.status, got.stderr)
			if tc.status == 2 {
				require.Empty(t, s.Requests())
			}
			require.Equal(t, tc.stdout, got.stdout)
			for _, part := range tc.stderr {
				require.Contains(t, got.stderr, part)
			}
			if len(tc.stderr) == 0 {
				require.Empty(t, got.stderr)
			}
		})
	}
}

func TestARegionThatIsMissingIsSaidAsTheLibrarySaysIt(t *testing.T) {
	cmd := command(t, nil, "echo")
	cmd.Env = append(cmd.Env, "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b")
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	for _, setting := range cmd.Env {
		name, value, _ := strings.Cut(setting, "=")
		t.Setenv(name, value)
	}
	opts, err := awsconfig.Load(t.Context())
	require.NoError(t, err)
	_, err = invoke.New(opts)
	require.ErrorContains(t, err, "Region is empty")
	require.Equal(t, result{status: 3, stderr: "lambda-invoke: " + err.Error() + "; here, -region gives it\n"}, run(t, cmd))
}

func TestHelpGoesToStdoutAndTellsTheExitStatuses(t *testing.T) {
	got := run(t, command(t, nil, "-h"))
	require.Zero(t, got.status)
	require.Empty(t, got.stderr)
	for _, part := range []string{"Usage: lambda-invoke", "  0  the function succeeded", "  4  the call failed and the function may have run", "-idempotent", "-client-context JSON"} {
		require.Contains(t, got.stdout, part)
	}
}

func TestTheLogIsShownInAReadableForm(t *testing.T) {
	const log = "START RequestId: 1b2c Version: 7\nhello \x1b[31mred\x1b[0m\r\n\tindented\n" +
		"REPORT RequestId: 1b2c\tDuration: 3.81 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\tInit Duration: 120.5 ms\t\n"
	s := echo(t)
	s.Script("echo", invoketest.ReplyHeader("X-Amz-Log-Result", base64.StdEncoding.EncodeToString([]byte(log))))
	got := call(t, s, "-log", "-payload", "1", "echo")
	require.Zero(t, got.status)
	require.Equal(t, "1", got.stdout)
	require.Equal(t, `--- log
START RequestId: 1b2c Version: 7
hello �[31mred�[0m
	indented
REPORT RequestId: 1b2c	Duration: 3.81 ms	Billed Duration: 4 ms	Memory Size: 128 MB	Max Memory Used: 40 MB	Init Duration: 120.5 ms	
--- end of log
lambda-invoke: ran 3.81ms, billed 4ms, init 120.5ms, memory 40 of 128 MB
`, got.stderr)
}

func TestVerboseTellsStatusVersionAndRequestID(t *testing.T) {
	s := echo(t)
	got := call(t, s, "-v", "-payload", "1", "echo")
	require.Equal(t, "1", got.stdout)
	require.Regexp(t, `^lambda-invoke: status 200, version \S+, request ID \S+\n$`, got.stderr)
}

func TestAnInterruptEndsTheCallAndTellsThatTheFunctionMayHaveRun(t *testing.T) {
	s := invoketest.NewServer(t)
	running := make(chan struct{})
	s.Handle("hang", func(ctx context.Context, _ []byte) ([]byte, error) {
		close(running)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	cmd := command(t, s, "hang")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	require.NoError(t, cmd.Start())
	<-running
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.Error(t, cmd.Wait())
	require.Equal(t, 4, cmd.ProcessState.ExitCode())
	require.Contains(t, stderr.String(), "the function may have run")
}

func TestAResultThatCannotBeWrittenIsNotASuccess(t *testing.T) {
	s := echo(t)
	cmd := command(t, s, "-payload", "1", "echo")
	closed, err := os.Open(os.DevNull) // not for writing
	require.NoError(t, err)
	defer closed.Close()
	cmd.Stdout = closed
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	require.Error(t, cmd.Run())
	require.Equal(t, 4, cmd.ProcessState.ExitCode())
	require.Contains(t, stderr.String(), "the function ran, and its result is lost")
}

func TestNoSecretIsShown(t *testing.T) {
	s := echo(t)
	creds, err := s.Options().Credentials.Retrieve(t.Context())
	require.NoError(t, err)
	for _, args := range [][]string{{"-v", "-log", "echo"}, {"nobody"}, {"-endpoint", "http://127.0.0.1:1", "-attempts", "1", "echo"}} {
		got := call(t, s, args...)
		require.NotContains(t, got.stdout+got.stderr, creds.SecretAccessKey)
	}
}

func TestAStreamIsPrintedAsItComes(t *testing.T) {
	s := invoketest.NewServer(t)
	goOn := make(chan struct{})
	s.HandleStream("story", func(ctx context.Context, _ []byte, w io.Writer) error {
		fmt.Fprint(w, "once ")
		select {
		case <-goOn:
		case <-ctx.Done():
			return ctx.Err()
		}
		fmt.Fprint(w, "upon a time")
		return errors.New("the end is missing")
	})
	cmd := command(t, s, "-stream", "-v", "-log", "story")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	piece := make([]byte, len("once "))
	_, err = io.ReadFull(stdout, piece)
	require.NoError(t, err)
	require.Equal(t, "once ", string(piece))
	close(goOn)
	rest, err := io.ReadAll(stdout)
	require.NoError(t, err)
	require.Equal(t, "upon a time", string(rest))
	require.Error(t, cmd.Wait())
	require.Equal(t, 1, cmd.ProcessState.ExitCode())
	for _, part := range []string{"the end is missing", "status 200", "--- end of log"} {
		require.Contains(t, stderr.String(), part)
	}
}

func TestAfterTwoDashesEveryWordIsAnArgument(t *testing.T) {
	got := call(t, echo(t), "-payload", "1", "--", "-x")
	require.Equal(t, 3, got.status)
	require.Contains(t, got.stderr, "ResourceNotFoundException")
}
