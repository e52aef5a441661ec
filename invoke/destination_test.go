package invoke_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	smithy "github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

func functionARN(partition, region string) string {
	return "arn:" + partition + ":lambda:" + region + ":123456789012:function:f"
}

// addressed makes a call with a client of region us-east-1 and returns the host and the region that was signed for, "" for both if nothing
// was sent.
func addressed(t *testing.T, functionName string, optFns ...func(*invoke.Options)) (host, region string, err error) {
	t.Helper()
	opts := optionsFor("")
	opts.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
		scope := strings.Split(r.Header.Get("Authorization"), "/")
		host, region = r.URL.Host, scope[2]
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
	})
	_, err = newClient(t, opts, optFns...).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: functionName})
	return host, region, err
}

func TestAnARNOfAnotherRegionIsRefusedUnlessTheOptionsAllowIt(t *testing.T) {
	fips := func(o *invoke.Options) { o.UseFIPSEndpoint = true }
	spelledFIPS := func(o *invoke.Options) { o.Region = "fips-us-east-1" }
	dual := func(o *invoke.Options) { o.UseDualStackEndpoint = true }
	emulator := func(o *invoke.Options) { o.BaseEndpoint = "http://localhost:4566" }
	none := func(*invoke.Options) {}
	for name, tc := range map[string]struct {
		function     string
		option       func(*invoke.Options)
		refused      string // "" if it goes without UseARNRegion
		host, region string // with UseARNRegion; "" for refused as well
	}{
		"a name":                         {"f", none, "", "lambda.us-east-1.amazonaws.com", "us-east-1"},
		"a partial ARN":                  {"123456789012:function:f", none, "", "lambda.us-east-1.amazonaws.com", "us-east-1"},
		"the same region":                {functionARN("aws", "us-east-1"), none, "", "lambda.us-east-1.amazonaws.com", "us-east-1"},
		"the same region, spelled FIPS":  {functionARN("aws", "us-east-1"), spelledFIPS, "", "lambda-fips.us-east-1.amazonaws.com", "us-east-1"},
		"another region":                 {functionARN("aws", "eu-west-1"), none, "region eu-west-1", "lambda.eu-west-1.amazonaws.com", "eu-west-1"},
		"an alias in another region":     {functionARN("aws", "eu-west-1") + ":live", none, "region eu-west-1", "lambda.eu-west-1.amazonaws.com", "eu-west-1"},
		"another region, FIPS":           {functionARN("aws", "us-west-2"), fips, "region us-west-2", "lambda-fips.us-west-2.amazonaws.com", "us-west-2"},
		"another region, spelled FIPS":   {functionARN("aws", "us-west-2"), spelledFIPS, "region us-west-2", "lambda-fips.us-west-2.amazonaws.com", "us-west-2"},
		"another region, dual-stack":     {functionARN("aws", "us-west-2"), dual, "region us-west-2", "lambda.us-west-2.api.aws", "us-west-2"},
		"another partition":              {functionARN("aws-cn", "cn-north-1"), none, "region cn-north-1", "lambda.cn-north-1.amazonaws.com.cn", "cn-north-1"},
		"another partition, same region": {functionARN("aws-cn", "us-east-1"), none, "partition aws-cn, which has no region us-east-1", "", ""},
		"a region of another partition":  {functionARN("aws", "us-gov-west-1"), none, "partition aws, which has no region us-gov-west-1", "", ""},
		"a region that is none":          {functionARN("aws", "us-east-1.evil.example"), none, "region us-east-1.evil.example", "", ""},
		"an emulator":                    {functionARN("aws", "eu-west-1"), emulator, "", "localhost:4566", "us-east-1"},
		"an emulator, any partition":     {functionARN("aws-cn", "us-east-1"), emulator, "", "localhost:4566", "us-east-1"},
		"an ARN of another service":      {"arn:aws:states:eu-west-1:123456789012:execution", none, "", "lambda.us-east-1.amazonaws.com", "us-east-1"},
		"half an ARN":                    {"arn:aws:lambda", none, "", "lambda.us-east-1.amazonaws.com", "us-east-1"},
	} {
		t.Run(name, func(t *testing.T) {
			host, _, err := addressed(t, tc.function, tc.option)
			if tc.refused == "" {
				require.NoError(t, err)
				require.Equal(t, tc.host, host)
			} else {
				requireRefused(t, err, tc.refused)
				require.Empty(t, host, "nothing was sent")
			}

			host, region, err := addressed(t, tc.function, tc.option, func(o *invoke.Options) { o.UseARNRegion = true })
			require.Equal(t, tc.host, host)
			require.Equal(t, tc.region, region)
			if tc.host == "" {
				requireRefused(t, err, "ARN")
			} else {
				require.NoError(t, err)
			}
		})
	}
}

func requireRefused(t *testing.T, err error, reason string) {
	t.Helper()
	var invalid smithy.InvalidParamsError
	require.ErrorAs(t, err, &invalid)
	require.ErrorContains(t, err, reason)
	require.ErrorContains(t, err, "FunctionName")
	require.False(t, errors.MayHaveExecuted(err))
}

func TestUseARNRegionIsAnOptionOfOneCallToo(t *testing.T) {
	var hosts []string
	opts := optionsFor("")
	opts.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
		hosts = append(hosts, r.URL.Host)
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
	})
	client := newClient(t, opts)
	for _, name := range []string{functionARN("aws", "eu-west-1"), "f"} {
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: name}, func(o *invoke.Options) { o.UseARNRegion = true })
		require.NoError(t, err)
	}
	require.Equal(t, []string{"lambda.eu-west-1.amazonaws.com", "lambda.us-east-1.amazonaws.com"}, hosts)
}

func TestEachPassThroughTheStackGoesWhereItsFunctionIs(t *testing.T) {
	var sent []string
	opts := optionsFor("")
	opts.UseARNRegion = true
	opts.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r.URL.Host+" "+strings.Split(r.Header.Get("Authorization"), "/")[2])
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
	})
	names := []string{functionARN("aws", "eu-west-1"), "f", functionARN("aws", "us-west-2"), functionARN("aws", "us-east-1")}
	opts.APIOptions = append(opts.APIOptions, func(s *middleware.Stack) error {
		return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Each", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (out middleware.InitializeOutput, metadata middleware.Metadata, err error) {
			for _, name := range names {
				in.Parameters = &invoke.InvokeInput{FunctionName: name}
				if out, metadata, err = next.HandleInitialize(ctx, in); err != nil {
					return out, metadata, err
				}
			}
			return out, metadata, err
		}), middleware.Before)
	})
	_, err := newClient(t, opts).Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Equal(t, []string{
		"lambda.eu-west-1.amazonaws.com eu-west-1",
		"lambda.us-east-1.amazonaws.com us-east-1",
		"lambda.us-west-2.amazonaws.com us-west-2",
		"lambda.us-east-1.amazonaws.com us-east-1",
	}, sent)
}

func TestAnAddressIsNotAFunctionName(t *testing.T) {
	for name, tc := range map[string]struct{ function, instead string }{
		"a function URL":            {"https://abcdef.lambda-url.us-east-1.on.aws/", "a function URL is not a function name: pass the function's name"},
		"one without a scheme":      {"abcdef.lambda-url.us-east-1.on.aws", "a function URL is not"},
		"an endpoint":               {"http://localhost:3001", "Options.BaseEndpoint"},
		"another scheme":            {"lambda://f", "a URL is not a function name"},
		"a slash":                   {"service/f", "a function name has no slash"},
		"a slash at the end":        {"f/", "a function name has no slash"},
		"a path":                    {"/2015-03-31/functions/f/invocations", "a function name has no slash"},
		"an ARN with a path":        {functionARN("aws", "us-east-1") + "/x", "a function name has no slash"},
		"a path out of the service": {"../f", "a function name has no slash"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, option := range []func(*invoke.Options){func(*invoke.Options) {}, func(o *invoke.Options) { o.BaseEndpoint = "http://localhost:1" }} {
				host, _, err := addressed(t, tc.function, option)
				require.Empty(t, host, "nothing was sent")
				requireRefused(t, err, tc.instead)
				require.NotContains(t, err.Error(), tc.function, "a URL may hold a secret")
			}
		})
	}
}
