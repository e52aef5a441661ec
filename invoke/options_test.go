package invoke_test

import (
	stderrors "errors"
	"net/http"
	"strings"
	"testing"

	smithy "github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/retry"
)

func TestAConfigurationThatCannotWorkIsAnErrorOfNew(t *testing.T) {
	good := invoke.Options{Region: "us-east-1", Credentials: invoke.StaticCredentials("AKIDEXAMPLE", "the-secret", "")}
	for _, tc := range []struct {
		name  string
		spoil func(*invoke.Options)
		says  string
	}{
		{"no region", func(o *invoke.Options) { o.Region = "" }, "Region"},
		{"a region that is no host label", func(o *invoke.Options) { o.Region = "us-east-1.example.com/" }, "region"},
		{"no credentials", func(o *invoke.Options) { o.Credentials = nil }, "Credentials"},
		{"no access key", func(o *invoke.Options) { o.Credentials = invoke.StaticCredentials("", "the-secret", "") }, "access key ID"},
		{"a newline after a key", func(o *invoke.Options) { o.Credentials = invoke.StaticCredentials("AKIDEXAMPLE", "the-secret\n", "") }, "control character"},
		{"a nil provider", func(o *invoke.Options) { o.Credentials = invoke.CredentialsProviderFunc(nil) }, "nil CredentialsProviderFunc"},
		{"no secret", func(o *invoke.Options) { o.Credentials = invoke.StaticCredentials("AKIDEXAMPLE", "", "") }, "secret access key"},
		{"an endpoint that does not parse", func(o *invoke.Options) { o.BaseEndpoint = "http://[::1" }, "endpoint"},
		{"an endpoint without a scheme", func(o *invoke.Options) { o.BaseEndpoint = "localhost:4566" }, "endpoint"},
		{"an endpoint without a host", func(o *invoke.Options) { o.BaseEndpoint = "http:///path" }, "endpoint"},
		{"plain http to the service", func(o *invoke.Options) { o.BaseEndpoint = "http://lambda.us-east-1.amazonaws.com" }, "https"},
		{"a custom endpoint with FIPS", func(o *invoke.Options) { o.BaseEndpoint, o.UseFIPSEndpoint = "http://localhost:1", true }, "FIPS"},
		{"a custom endpoint with dual-stack", func(o *invoke.Options) { o.BaseEndpoint, o.UseDualStackEndpoint = "http://localhost:1", true }, "dual-stack"},
		{"negative attempts", func(o *invoke.Options) { o.Retry.MaxAttempts = -1 }, "MaxAttempts"},
		{"a negative limit", func(o *invoke.Options) { o.MaxResponseBytes = -1 }, "MaxResponseBytes"},
		{"a long app ID", func(o *invoke.Options) { o.AppID = strings.Repeat("a", 51) }, "AppID"},
		{"an app ID with a line break", func(o *invoke.Options) { o.AppID = "a\nb" }, "AppID"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := invoke.New(good, tc.spoil)
			require.ErrorContains(t, err, tc.says)
			require.NotContains(t, err.Error(), "the-secret")
			require.NotContains(t, err.Error(), "\n")

			// The same for one call, before anything is sent.
			client := newClient(t, good, func(o *invoke.Options) {
				o.HTTPClient = doer(func(*http.Request) (*http.Response, error) {
					t.Error("sent")
					return nil, nil
				})
			})
			_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}, tc.spoil)
			require.ErrorContains(t, err, tc.says)
			var wrong *errors.OptionsError
			require.ErrorAs(t, err, &wrong)
			require.False(t, errors.MayHaveExecuted(err))
		})
	}
}

func TestNewReportsEverythingThatIsWrong(t *testing.T) {
	_, err := invoke.New(invoke.Options{MaxResponseBytes: -1, AppID: "a\nb", Retry: retry.Policy{MaxAttempts: -1}})
	for _, option := range []string{"Region", "Credentials", "MaxResponseBytes", "MaxAttempts", "AppID"} {
		require.ErrorContains(t, err, option)
	}
	require.Len(t, strings.Split(err.Error(), "\n"), 5)

	const (
		noKey      = "invoke: the credentials have no access key ID"
		noRegion   = `invoke: the region "eu west" is not valid: it must be one host label of letters, digits and hyphens, for example us-east-1`
		noScheme   = "invoke: the base endpoint must start with https:// or http://"
		notFIPS    = "invoke: a base endpoint cannot be combined with FIPS: give the base endpoint of a FIPS service without asking for FIPS, or leave the base endpoint out"
		notDual    = "invoke: a base endpoint cannot be combined with dual-stack: give the base endpoint of a dual-stack service without asking for dual-stack, or leave the base endpoint out"
		noPlainAWS = "invoke: the base endpoint is one of the service's own and must use https://, not http://"
		badStack   = "invoke: Options.APIOptions: out of order"
	)
	for name, tc := range map[string]struct {
		opts invoke.Options
		want []string
	}{
		"keys and region":                {invoke.Options{Region: "eu west"}, []string{noKey, noRegion}},
		"keys and endpoint":              {invoke.Options{Region: "eu-west-1", BaseEndpoint: "localhost:1"}, []string{noKey, noScheme}},
		"keys, region and endpoint":      {invoke.Options{Region: "eu west", BaseEndpoint: "localhost:1"}, []string{noKey, noRegion, noScheme}},
		"everything about the endpoint":  {invoke.Options{Region: "eu west", BaseEndpoint: "http://lambda.amazonaws.com", UseFIPSEndpoint: true, UseDualStackEndpoint: true}, []string{noKey, noRegion, notFIPS, notDual, noPlainAWS}},
		"a region of FIPS with endpoint": {invoke.Options{Region: "fips-us-east-1", BaseEndpoint: "https://localhost"}, []string{noKey, notFIPS}},
		"middleware too": {
			invoke.Options{Region: "eu west", APIOptions: []func(*middleware.Stack) error{func(*middleware.Stack) error { return stderrors.New("out of order") }}},
			[]string{noKey, noRegion, badStack},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.opts.Credentials = invoke.StaticCredentials("", "secret", "")
			_, err := invoke.New(tc.opts)
			require.EqualError(t, err, strings.Join(tc.want, "\n"))
			var wrong *errors.OptionsError
			require.ErrorAs(t, err, &wrong)
		})
	}
	_, err = invoke.New(invoke.Options{BaseEndpoint: "localhost:1", Credentials: invoke.StaticCredentials("AKID", "secret", "")})
	require.ErrorContains(t, err, "Region is empty")
	require.ErrorContains(t, err, noScheme)
}

func TestAClientThatNewDidNotMakeIsAnErrorOfTheCall(t *testing.T) {
	for name, client := range map[string]*invoke.Client{"nil": nil, "zero": {}} {
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		_, streamErr := client.InvokeWithResponseStream(t.Context(), &invoke.InvokeWithResponseStreamInput{FunctionName: "f"})
		_, callErr := invoke.NewFunc[int, int](client, "f").Call(t.Context(), 1)
		_, nobodyErr := invoke.NewFunc[int, int](nil, "f").Call(t.Context(), 1)
		for _, err := range []error{err, streamErr, callErr, nobodyErr, invoke.NewFunc[int, int](nil, "f").Send(t.Context(), 1)} {
			var wrong *errors.OptionsError
			require.ErrorAs(t, err, &wrong, name)
			require.ErrorContains(t, err, "nil")
			require.False(t, errors.MayHaveExecuted(err))
		}
	}
}

func TestABadInputIsRefusedBeforeAnythingIsSent(t *testing.T) {
	client := newClient(t, optionsFor("http://127.0.0.1:1"), func(o *invoke.Options) {
		o.HTTPClient = doer(func(*http.Request) (*http.Response, error) {
			t.Error("sent")
			return nil, nil
		})
	})
	for _, tc := range []struct {
		name  string
		in    *invoke.InvokeInput
		field string
	}{
		{"nil", nil, "InvokeInput"},
		{"no function name", &invoke.InvokeInput{}, "FunctionName"},
		{"a dot", &invoke.InvokeInput{FunctionName: "."}, "FunctionName"},
		{"two dots", &invoke.InvokeInput{FunctionName: ".."}, "FunctionName"},
		{"control character in the type", &invoke.InvokeInput{FunctionName: "f", InvocationType: "Event\r\nX: y"}, "InvocationType"},
		{"control character in the log type", &invoke.InvokeInput{FunctionName: "f", LogType: "\x00"}, "LogType"},
		{"control character in the client context", &invoke.InvokeInput{FunctionName: "f", ClientContext: "a\nb"}, "ClientContext"},
		{"control character in the execution name", &invoke.InvokeInput{FunctionName: "f", DurableExecutionName: "\x7f"}, "DurableExecutionName"},
		{"control character in the tenant", &invoke.InvokeInput{FunctionName: "f", TenantId: "a\tb"}, "TenantId"},
		{"control character in the qualifier", &invoke.InvokeInput{FunctionName: "f", Qualifier: "a\nb"}, "Qualifier"},
		{"a client context that is not encoded", &invoke.InvokeInput{FunctionName: "f", ClientContext: `{"custom":{}}`}, "EncodeClientContext"},
		{"a client context over the limit", &invoke.InvokeInput{FunctionName: "f", ClientContext: strings.Repeat("a", 3584)}, "ClientContext"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := client.Invoke(t.Context(), tc.in)
			var invalid smithy.InvalidParamsError
			require.ErrorAs(t, err, &invalid)
			require.ErrorContains(t, invalid, tc.field)
			var operation *smithy.OperationError
			require.ErrorAs(t, err, &operation)
			require.False(t, errors.MayHaveExecuted(err))
		})
	}

	t.Run("all that is wrong at once", func(t *testing.T) {
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{LogType: "\n", TenantId: "\n"})
		var invalid smithy.InvalidParamsError
		require.ErrorAs(t, err, &invalid)
		require.Len(t, invalid.Errs(), 3)
	})
}

func TestOptionsAreCopied(t *testing.T) {
	var regions []string
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		regions = append(regions, strings.Split(r.Header.Get("Authorization"), "/")[2])
	})
	client := newClient(t, opts)
	opts.Region = "changed-1"
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}, func(o *invoke.Options) { o.Region = "eu-west-1" })
	require.NoError(t, err)
	_, err = client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Equal(t, []string{"eu-west-1", "us-east-1"}, regions)
}

func TestOptionsOfACallMayReplaceEverything(t *testing.T) {
	var agent, key string
	opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
		agent = r.UserAgent()
		key, _, _ = strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential="), "/")
	})
	client := newClient(t, optionsFor("http://127.0.0.1:1"))
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"}, func(o *invoke.Options) {
		o.BaseEndpoint = opts.BaseEndpoint
		o.AppID = "shop/checkout"
		o.HTTPClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		o.Credentials = invoke.StaticCredentials("AKIDOTHER", "other", "")
	})
	require.NoError(t, err)
	require.Contains(t, agent, "app/shop-checkout")
	require.Equal(t, "AKIDOTHER", key)
}

func TestAnHTTPClientOfTheCallersNeverFollowsARedirect(t *testing.T) {
	for name, client := range map[string]*http.Client{
		"plain":          {Transport: &http.Transport{DisableKeepAlives: true}},
		"with a timeout": {Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 1 << 40},
	} {
		t.Run(name, func(t *testing.T) {
			var requests int
			opts := serve(t, func(w http.ResponseWriter, r *http.Request) {
				requests++
				http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
			})
			opts.HTTPClient = client
			_, err := invokeOnce(t, opts, &invoke.InvokeInput{FunctionName: "f", Payload: []byte("{}")})
			var base *errors.LambdaServiceException
			require.ErrorAs(t, err, &base)
			require.Equal(t, 307, base.StatusCode)
			require.Equal(t, 1, requests)
		})
	}
}
